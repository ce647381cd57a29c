#include "mockserver/dialect/postgres/depth.h"

#include <vector>

#include "mockserver/dialect/source_text.h"

namespace tql::dialect::postgres {
namespace {

constexpr std::string_view kSetOperations[] = {"union", "intersect", "except"};
constexpr std::string_view kJoin[] = {"join"};
constexpr std::string_view kCase[] = {"case"};
constexpr std::string_view kWhen[] = {"when"};
constexpr std::string_view kBetween[] = {"between"};
constexpr std::string_view kAnd[] = {"and"};
constexpr std::string_view kOr[] = {"or"};

// An open bracket, or an open CASE, which nests without a bracket. A CASE is assumed to end at the
// next comma or closing bracket, because END may also be a name.
struct Frame {
  bool bracket = false;
  std::size_t set_operations = 0;  // They chain across the whole bracket.
  std::size_t joins = 0;           // They chain across AND and OR.
  std::size_t run = 0;             // Tokens since the last comma, AND or OR.
  std::size_t betweens = 0;        // Those whose AND, which does not end a run, is yet to come.
};

// An upper bound of the depth of the tree, updated with each token.
class DepthEstimate {
 public:
  explicit DepthEstimate(const Tokens& tokens) : tokens_(tokens) { stack_.push_back({true}); }

  void Add(std::size_t i) {
    const std::string_view text = tokens_.Text(i);
    if (text == "(" || text == "[") {
      Push(/*bracket=*/true);
    } else if (text == ")" || text == "]") {
      PopCases();
      if (stack_.size() > 1) Pop();
      AddTo(&stack_.back().run);
    } else if (text == ",") {
      StartItem();
    } else if (text == ";") {  // In brackets it is a syntax error, and no tree is built.
      while (stack_.size() > 1) Pop();
      StartItem();
      Reset(&stack_.back().set_operations);
    } else if (tokens_.IsKeyword(i, kSetOperations)) {
      StartItem();
      AddTo(&stack_.back().set_operations);
    } else if (tokens_.IsKeyword(i, kCase)) {
      Push(/*bracket=*/false);
    } else {
      AddInExpression(i);
    }
  }
  std::size_t depth() const { return depth_; }
  int brackets() const { return brackets_; }

 private:
  void AddInExpression(std::size_t i) {
    Frame& top = stack_.back();
    if (tokens_.IsKeyword(i, kJoin)) {
      PopCases();
      AddTo(&stack_.back().joins);
    } else if (tokens_.IsKeyword(i, kAnd) && top.betweens > 0) {
      --top.betweens;
      AddTo(&top.run);
    } else if (tokens_.IsKeyword(i, kAnd) || tokens_.IsKeyword(i, kOr) ||
               (!top.bracket && tokens_.IsKeyword(i, kWhen))) {
      Reset(&top.run);
    } else {
      if (tokens_.IsKeyword(i, kBetween)) ++top.betweens;
      AddTo(&top.run);
    }
  }
  void AddTo(std::size_t* count) {
    ++*count;
    ++depth_;
  }
  void Reset(std::size_t* count) {
    depth_ -= *count;
    *count = 0;
  }
  void Push(bool bracket) {
    stack_.push_back({bracket});
    AddTo(&stack_.back().set_operations);  // Counts the bracket or the CASE itself.
    brackets_ += bracket ? 1 : 0;
  }
  void Pop() {
    Frame& top = stack_.back();
    for (std::size_t* count : {&top.set_operations, &top.joins, &top.run}) Reset(count);
    brackets_ -= top.bracket ? 1 : 0;
    stack_.pop_back();
  }
  void PopCases() {
    while (!stack_.back().bracket) Pop();
  }
  void StartItem() {
    PopCases();
    Frame& top = stack_.back();
    Reset(&top.joins);
    Reset(&top.run);
    top.betweens = 0;
  }

  const Tokens& tokens_;
  std::vector<Frame> stack_;
  std::size_t depth_ = 0;
  int brackets_ = 0;
};

}  // namespace

std::optional<DepthExcess> FindDepthExcess(const Tokens& tokens, int max_brackets) {
  DepthEstimate estimate(tokens);
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    estimate.Add(i);
    if (estimate.brackets() > max_brackets) {
      return DepthExcess{TooDeepText(max_brackets), tokens.Range(i).begin};
    }
    if (estimate.depth() > kMaxChain) {
      return DepthExcess{"a chain of more than " + std::to_string(kMaxChain) +
                             " words and operators without a comma, AND or OR is too long for "
                             "PostgreSQL's parser",
                         tokens.Range(i).begin};
    }
  }
  return std::nullopt;
}

}  // namespace tql::dialect::postgres

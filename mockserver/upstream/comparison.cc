#include "mockserver/upstream/comparison.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::upstream {
namespace {

using Result = pb::ExecuteQueryResponse::Result;
using mockpb::Difference;
using Explanation = std::optional<std::string>;  // nullopt: no difference

constexpr std::size_t kMostStatement = 4096;
constexpr std::size_t kExcerpt = 200;

std::string Quoted(std::string_view text) {
  return '"' + base::Excerpt(base::Trim(text), kExcerpt) + '"';
}

std::string OursAndTheirs(std::string_view ours, std::string_view theirs) {
  return "ours " + std::string(ours) + ", theirs " + std::string(theirs);
}

const Result::OutMessage* ErrorIn(const Result& result) {
  for (const auto& message : result.message()) {
    if (message.type() == Result::OutMessage::ERROR) return &message;
  }
  return nullptr;
}

std::string Summary(const Result& result) {
  if (result.interactive_question_size() > 0) {
    return "a question: " + Quoted(result.interactive_question(0).prompt());
  }
  if (result.has_table()) return std::to_string(result.table().rows_size()) + " rows";
  return std::to_string(result.message_size()) + " messages";
}

Explanation CompareQuestions(const Result& ours, const Result& theirs) {
  if (ours.interactive_question_size() == 0 && theirs.interactive_question_size() == 0) {
    return std::nullopt;
  }
  if (ours.interactive_question_size() == 0 || theirs.interactive_question_size() == 0) {
    return OursAndTheirs(Summary(ours), Summary(theirs));
  }
  const auto& our_question = ours.interactive_question(0);
  const auto& their_question = theirs.interactive_question(0);
  const bool same_options = std::ranges::equal(our_question.options(), their_question.options());
  if (our_question.prompt() == their_question.prompt() &&
      our_question.banner() == their_question.banner() && same_options) {
    return std::nullopt;
  }
  return "another question: " +
         OursAndTheirs(Quoted(our_question.banner() + our_question.prompt()),
                       Quoted(their_question.banner() + their_question.prompt())) +
         (same_options ? "" : ", with other options");
}

std::string ColumnText(const Result::TableResult::ColumnHeader& header) {
  return header.name() + " " + Result::TableResult::ColumnHeader::Type_Name(header.type());
}

Explanation CompareColumns(const Result& ours, const Result& theirs) {
  const auto& our_headers = ours.table().headers();
  const auto& their_headers = theirs.table().headers();
  if (our_headers.size() != their_headers.size()) {
    return "columns: " +
           OursAndTheirs(std::to_string(our_headers.size()), std::to_string(their_headers.size()));
  }
  for (int i = 0; i < our_headers.size(); ++i) {
    const std::string our_column = ColumnText(our_headers[i]);
    const std::string their_column = ColumnText(their_headers[i]);
    if (our_column == their_column) continue;
    return "column " + std::to_string(i + 1) + ": " +
           OursAndTheirs(Quoted(our_column), Quoted(their_column));
  }
  return std::nullopt;
}

Explanation CompareContexts(const Result& ours, const Result& theirs) {
  const auto& our_context = ours.final_context();
  const auto& their_context = theirs.final_context();
  if (our_context.database() != their_context.database()) {
    return "database afterwards: " +
           OursAndTheirs(Quoted(our_context.database()), Quoted(their_context.database()));
  }
  if (our_context.schema() != their_context.schema()) {
    return "schema afterwards: " +
           OursAndTheirs(Quoted(our_context.schema()), Quoted(their_context.schema()));
  }
  return std::nullopt;
}

/// Whether the text has the form of the pattern at this place: x is a hexadecimal digit, 0 a
/// decimal one, other characters stand for themselves.
bool HasForm(std::string_view text, std::string_view pattern) {
  return text.size() >= pattern.size() &&
         std::ranges::equal(text.substr(0, pattern.size()), pattern, [](char c, char form) {
           if (form == 'x')
             return base::IsDigit(c) || (base::ToLower(c) >= 'a' && base::ToLower(c) <= 'f');
           return form == '0' ? base::IsDigit(c) : c == form;
         });
}

/// The text without guids and times, which differ in the listings of any two services.
std::string WithoutOwnTexts(std::string_view text) {
  constexpr std::string_view kForms[] = {"xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx",
                                         "0000-00-00 00:00:00"};
  std::string rest;
  for (std::size_t at = 0; at < text.size();) {
    const auto* const form = std::ranges::find_if(
        kForms, [&](std::string_view each) { return HasForm(text.substr(at), each); });
    if (form == std::end(kForms)) {
      rest += text[at++];
    } else {
      rest += '?';
      at += form->size();
    }
  }
  return rest;
}

// Rows and messages: how many, the content of each as one text, and how an explanation shows it.
struct RowsOf {
  static constexpr std::string_view kName = "row";
  const Result& result;
  int size() const { return result.table().rows_size(); }
  std::string Key(int i) const { return result.table().rows(i).SerializeAsString(); }
  std::string Shown(int i) const {
    std::string shown;
    for (const std::string& cell : result.table().rows(i).v()) {
      if (!shown.empty()) shown += '|';
      shown += cell;
    }
    return Quoted(shown);
  }
};
struct MessagesOf {
  static constexpr std::string_view kName = "message";
  const Result& result;
  int size() const { return result.message_size(); }
  std::string Key(int i) const {
    const auto& message = result.message(i);
    return Result::OutMessage::Type_Name(message.type()) + WithoutOwnTexts(message.value());
  }
  std::string Shown(int i) const { return Quoted(result.message(i).value()); }
};

template <typename Lines>
std::vector<std::string> SortedKeys(const Lines& lines) {
  std::vector<std::string> keys;
  for (int i = 0; i < lines.size(); ++i) keys.push_back(lines.Key(i));
  std::ranges::sort(keys);
  return keys;
}

struct LineDifference {
  bool only_order = false;
  std::string explanation;
};
template <typename Lines>
std::optional<LineDifference> CompareLines(const Lines& ours, const Lines& theirs) {
  const std::string name(Lines::kName);
  if (ours.size() != theirs.size()) {
    return LineDifference{
        false,
        name + "s: " + OursAndTheirs(std::to_string(ours.size()), std::to_string(theirs.size()))};
  }
  for (int i = 0; i < ours.size(); ++i) {
    if (ours.Key(i) == theirs.Key(i)) continue;
    return LineDifference{
        SortedKeys(ours) == SortedKeys(theirs),
        name + " " + std::to_string(i + 1) + ": " + OursAndTheirs(ours.Shown(i), theirs.Shown(i))};
  }
  return std::nullopt;
}

}  // namespace

AnswerDifference Compare(const Result& ours, const Result& theirs) {
  const auto* const our_error = ErrorIn(ours);
  const auto* const their_error = ErrorIn(theirs);
  if (our_error != nullptr && their_error != nullptr) {
    if (our_error->value() == their_error->value()) return {};
    return {Difference::ERROR,
            OursAndTheirs(Quoted(our_error->value()), Quoted(their_error->value()))};
  }
  if (our_error != nullptr) {
    return {Difference::GAP,
            OursAndTheirs("the error " + Quoted(our_error->value()), Summary(theirs))};
  }
  if (their_error != nullptr) {
    return {Difference::MEANING,
            OursAndTheirs(Summary(ours), "the error " + Quoted(their_error->value()))};
  }
  for (const auto& compare : {CompareQuestions, CompareColumns, CompareContexts}) {
    if (Explanation found = compare(ours, theirs)) {
      return {Difference::MEANING, *std::move(found)};
    }
  }
  const auto rows = CompareLines(RowsOf{ours}, RowsOf{theirs});
  if (rows && !rows->only_order) return {Difference::MEANING, rows->explanation};
  const auto messages = CompareLines(MessagesOf{ours}, MessagesOf{theirs});
  if (messages && !messages->only_order) return {Difference::MEANING, messages->explanation};
  if (rows) return {Difference::ORDER, rows->explanation};
  if (messages) return {Difference::ORDER, messages->explanation};
  return {};
}

std::string ToText(const mockpb::Comparison& comparison) {
  const auto count = [&](Difference::Kind kind) {
    std::uint64_t found = 0;
    for (const Difference& difference : comparison.difference()) {
      if (difference.kind() == kind) found += difference.count();
    }
    return std::to_string(found);
  };
  std::string text = "compared " + std::to_string(comparison.statements()) + " statements with " +
                     comparison.upstream() + ": " + std::to_string(comparison.equal()) + " equal";
  for (const auto& [kind, name] :
       {std::pair(Difference::GAP, "gap"), std::pair(Difference::MEANING, "meaning"),
        std::pair(Difference::ERROR, "error"), std::pair(Difference::ORDER, "order"),
        std::pair(Difference::UNKNOWN, "not comparable")}) {
    text += ", " + count(kind) + " " + name;
  }
  text += "\n";
  for (const Difference& difference : comparison.difference()) {
    text += base::Lower(Difference::Kind_Name(difference.kind())) + ": " +
            base::Excerpt(difference.statement(), kExcerpt) +
            (difference.count() > 1 ? " (" + std::to_string(difference.count()) + " times)" : "") +
            "\n    " + difference.explanation() + "\n";
  }
  if (comparison.dropped() > 0) {
    text += "and " + std::to_string(comparison.dropped()) + " further differences\n";
  }
  return text;
}

void Comparison::Add(const Statement& statement, const AnswerCapture& ours,
                     const AnswerCapture& theirs) {
  if (ours.is_whole() && theirs.is_whole()) {
    return AddDifference(statement, Compare(ours.result(), theirs.result()));
  }
  AddDifference(statement,
                {Difference::UNKNOWN,
                 "an answer has more than " + std::to_string(kMostAnswerBytes >> 20U) + " MiB: " +
                     OursAndTheirs(std::to_string(ours.bytes()), std::to_string(theirs.bytes()))});
}

void Comparison::AddFailure(const Statement& statement, const Status& status) {
  AddDifference(statement, {Difference::UNKNOWN, status.message()});
}

void Comparison::AddDifference(const Statement& statement, AnswerDifference difference) {
  const base::MutexLock lock(mutex_);
  found_.set_statements(found_.statements() + 1);
  if (difference.kind == Difference::NONE) return found_.set_equal(found_.equal() + 1);
  std::string text(base::Utf8Prefix(statement.text, kMostStatement));
  std::string explanation = base::SanitizeUtf8(difference.explanation);
  Key key(static_cast<int>(difference.kind), text, statement.database, explanation);
  if (const auto known = indexes_.find(key); known != indexes_.end()) {
    Difference& same = *found_.mutable_difference(known->second);
    return same.set_count(same.count() + 1);
  }
  if (indexes_.size() == kMost) return found_.set_dropped(found_.dropped() + 1);
  indexes_.emplace(std::move(key), found_.difference_size());
  Difference& added = *found_.add_difference();
  added.set_kind(difference.kind);
  added.set_call(statement.call);
  added.set_statement(std::move(text));
  added.set_database(statement.database);
  added.set_explanation(std::move(explanation));
  added.set_count(1);
}

mockpb::Comparison Comparison::Get() const {
  const base::MutexLock lock(mutex_);
  mockpb::Comparison comparison = found_;
  comparison.set_upstream(upstream_);
  return comparison;
}

}  // namespace tql::upstream

// YAML by yaml-cpp's events, which show what its nodes hide: tags, aliases, and repeated keys.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <istream>
#include <map>
#include <optional>

#include "proto/base/utf8.h"
#include "proto/document/document.h"

namespace tql::document {
namespace {

/// Thrown through yaml-cpp, which has no other way to end early.
struct Stop {};

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(std::string_view text, const Limits& limits) : limits_(limits) {
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      lines_.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  }

  const Status& status() const { return status_; }
  std::optional<Node>& root() { return root_; }
  /// Increases with the events.
  std::size_t places() const { return places_; }
  [[noreturn]] void Fail(const Node& node, std::string_view reason) {
    status_ = ErrorAt(node, reason);
    throw Stop();
  }
  /// yaml-cpp counts lines from 0, and columns from 0 in bytes.
  Node At(const YAML::Mark& mark) {
    ++places_;
    const auto line = static_cast<std::uint32_t>(std::max(mark.line, 0));
    const auto column = static_cast<std::size_t>(std::max(mark.column, 0));
    const std::string_view text = line < lines_.size() ? lines_[line] : std::string_view();
    // Marks of one line mostly follow each other, and a line may be the whole document.
    if (line != last_line_ || column < last_column_) last_column_ = last_characters_ = 0;
    last_line_ = line;
    const std::size_t end = std::min(column, text.size());
    const std::size_t begin = std::min(last_column_, end);
    last_characters_ +=
        static_cast<std::uint32_t>(base::Utf8Count(text.substr(begin, end - begin)));
    last_column_ = end;
    Node node;
    node.line = line + 1;
    node.column = last_characters_ + 1;
    return node;
  }

 private:
  static std::string WrongCharacter(char c) {
    // yaml-cpp 0.7 reads these escapes as one byte of Latin-1 instead of UTF-8.
    if (c == '\x85') return R"(the escape \N is not supported; write \u0085)";
    if (c == '\xA0') return R"(the escape \_ is not supported; write \u00A0)";
    return "a text with a NUL or with invalid UTF-8";
  }

  /// A list or a map that is not complete.
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    std::optional<Node> key = std::nullopt;  // of a map, without its value
  };

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (root_) Fail(At(mark), "a second document; expected one");
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { Add(At(mark), anchor); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    for (const Open& open : open_) {
      if (open.anchor == anchor) Fail(At(mark), "an alias of a node that contains it");
    }
    Node copy = anchors_[anchor];
    const Node here = At(mark);
    copy.line = here.line;
    copy.column = here.column;
    Count(SizeOf(copy), copy);
    Add(std::move(copy), 0);
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    Node node = At(mark);
    node.kind = Node::Kind::kScalar;
    node.text = value;
    node.is_string = tag == "!" || tag == "tag:yaml.org,2002:str";
    node.is_binary = tag == "tag:yaml.org,2002:binary";
    if (!node.is_string && !node.is_binary && tag != "?" && !tag.empty()) {
      Fail(node, "the tag " + tag + " is not supported; quote a text that begins with '!'");
    }
    if (const std::size_t valid = base::ValidTextPrefix(value); valid != value.size()) {
      Fail(node, WrongCharacter(value[valid]));
    }
    Add(std::move(node), anchor);
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    Begin(Node::Kind::kList, mark, tag, anchor);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    Begin(Node::Kind::kMap, mark, tag, anchor);
  }
  void OnSequenceEnd() override { End(); }
  void OnMapEnd() override { End(); }

  void Begin(Node::Kind kind, const YAML::Mark& mark, const std::string& tag,
             YAML::anchor_t anchor) {
    Node node = At(mark);
    node.kind = kind;
    if (!tag.empty() && tag != "?" && tag != "!") {
      Fail(node, "the tag " + tag + " is not supported; quote a text that begins with '!'");
    }
    if (open_.size() >= static_cast<std::size_t>(limits_.max_depth)) {
      Fail(node, "nested more than " + std::to_string(limits_.max_depth) + " levels deep");
    }
    open_.push_back({std::move(node), anchor});
  }
  void End() {
    Open ended = std::move(open_.back());
    open_.pop_back();
    Add(std::move(ended.node), ended.anchor);
  }

  void Add(Node node, YAML::anchor_t anchor) {
    Count(1, node);
    if (anchor != 0) anchors_[anchor] = node;
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& open = open_.back();
    if (open.node.kind == Node::Kind::kList) {
      open.node.items.push_back(std::move(node));
    } else if (open.key) {
      if (node.kind == Node::Kind::kNull) {  // its mark is that of the next token
        node.line = open.key->line;
        node.column = open.key->column;
      }
      open.node.entries.push_back({*std::exchange(open.key, std::nullopt), std::move(node)});
    } else {
      CheckKey(open.node, node);
      open.key = std::move(node);
    }
  }
  void CheckKey(const Node& map, const Node& key) {
    if (key.kind != Node::Kind::kScalar) Fail(key, "expected a name as key");
    if (key.text == "<<" && !key.is_string) Fail(key, "merge keys (<<) are not supported");
    if (const std::string wrong = WrongKey(map, key); !wrong.empty()) Fail(key, wrong);
  }
  void Count(std::size_t nodes, const Node& node) {
    nodes_ += nodes;
    if (nodes_ > limits_.max_nodes) {
      Fail(node, "more than " + std::to_string(limits_.max_nodes) + " nodes, aliases expanded");
    }
  }
  static std::size_t SizeOf(const Node& node) {
    std::size_t size = 1;
    for (const Node& item : node.items) size += SizeOf(item);
    for (const auto& [key, value] : node.entries) size += 1 + SizeOf(value);
    return size;
  }

  const Limits limits_;
  std::vector<std::string_view> lines_;
  // The last place: what is known of its column.
  std::uint32_t last_line_ = 0;
  std::size_t last_column_ = 0;
  std::uint32_t last_characters_ = 0;
  std::vector<Open> open_;
  std::map<YAML::anchor_t, Node> anchors_;
  std::size_t nodes_ = 0;
  std::size_t places_ = 0;
  std::optional<Node> root_;
  Status status_;
};

/// The text as yaml-cpp reads it. What begins a list, a map, a tag or an anchor may begin a key,
/// and yaml-cpp keeps all tokens until it knows, e.g. those of a million '['. The text therefore
/// ends early after too many of them without an event.
class Source : public std::streambuf {
 public:
  Source(std::string_view text, const TreeBuilder& builder) : text_(text), builder_(builder) {}

  static constexpr std::ptrdiff_t kMostOpenings = 100'000;
  bool ended_early() const { return openings_ > kMostOpenings; }
  /// The line of the last character that was read.
  std::uint32_t line() const { return line_; }

 private:
  int_type underflow() override {
    constexpr std::size_t kPiece = 4096;
    if (places_ != builder_.places()) openings_ = 0;
    places_ = builder_.places();
    const std::string_view piece = text_.substr(0, kPiece);
    openings_ += std::ranges::count_if(
        piece, [](char c) { return c == '[' || c == '{' || c == '!' || c == '&'; });
    if (piece.empty() || ended_early()) return traits_type::eof();
    text_.remove_prefix(piece.size());
    line_ += static_cast<std::uint32_t>(std::ranges::count(piece, '\n'));
    char* const begin = const_cast<char*>(piece.data());  // only read
    setg(begin, begin, begin + piece.size());
    return traits_type::to_int_type(piece.front());
  }

  std::string_view text_;  // the rest
  const TreeBuilder& builder_;
  std::size_t places_ = 0;
  std::ptrdiff_t openings_ = 0;
  std::uint32_t line_ = 1;
};

}  // namespace

StatusOr<Node> ParseYaml(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes) {
    return ResourceExhaustedError("the document has " + std::to_string(text.size()) +
                                  " bytes; the limit is " + std::to_string(limits.max_bytes));
  }
  TreeBuilder builder(text, limits);
  if (const std::size_t valid = base::ValidTextPrefix(text); valid != text.size()) {
    const auto line = std::ranges::count(text.substr(0, valid), '\n');
    Node place;
    place.line = static_cast<std::uint32_t>(line) + 1;
    return ErrorAt(place, "a NUL or invalid UTF-8");
  }
  Source source(text, builder);
  const auto too_many = [&] {
    Node place;
    place.line = source.line();
    return ErrorAt(place, "more than " + std::to_string(Source::kMostOpenings) +
                              " of '[', '{', '!' and '&' before the end of a list or a text");
  };
  try {
    std::istream in(&source);
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const Stop&) {
    if (source.ended_early()) return too_many();
    return builder.status();
  } catch (const YAML::Exception& error) {
    if (source.ended_early()) return too_many();
    return ErrorAt(builder.At(error.mark), error.msg);
  }
  if (source.ended_early()) return too_many();
  if (!builder.root()) return InvalidArgumentError("the document is empty");
  return *std::move(builder.root());
}

}  // namespace tql::document

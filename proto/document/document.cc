#include "proto/document/document.h"

#include <algorithm>

#include "proto/base/text.h"
#include "wire/json_reader.h"

namespace tql::document {
namespace {

/// Builds the tree of a JSON text. Offsets become places in one pass, since nodes come in order.
class JsonBuilder {
 public:
  JsonBuilder(std::string_view text, const Limits& limits)
      : text_(text), limits_(limits), in_(text, limits.max_depth) {}

  StatusOr<Node> Build() {
    Node root;
    if (!Value(root)) return error();
    if (!in_.AtEnd()) {
      in_.FailExpected("the end of the document");
      return error();
    }
    return root;
  }

 private:
  Status error() const { return status_.ok() ? in_.status() : status_; }

  bool Value(Node& node) {
    const char first = in_.Peek();
    Place(node);
    if (++nodes_ > limits_.max_nodes) {
      return Fail(node, "more than " + std::to_string(limits_.max_nodes) + " nodes");
    }
    if (first == '{') return Map(node);
    if (first == '[') return List(node);
    node.kind = Node::Kind::kScalar;
    node.is_json = true;
    if (first == '"') {
      node.is_string = true;
      if (!in_.ReadString(&node.text)) return false;
      return limits_.permits_nul || node.text.find('\0') == node.text.npos ||
             Fail(node, "a text with a NUL");
    }
    std::string_view bare;
    if (!in_.ReadBare(&bare)) return false;
    node.text = bare;
    if (bare == "null") node.kind = Node::Kind::kNull;
    return true;
  }

  bool Map(Node& node) {
    node.kind = Node::Kind::kMap;
    if (!Enter(node)) return false;
    in_.Take('{');
    bool more = !in_.Take('}');
    while (more) {
      Node key;
      if (in_.Peek() != '"') return in_.FailExpected("a key in double quotes");
      Place(key);
      key.kind = Node::Kind::kScalar;
      key.is_string = true;
      if (!in_.ReadString(&key.text) || !in_.Expect(':', "after a key")) return false;
      if (const std::string wrong = WrongKey(node, key); !wrong.empty()) return Fail(key, wrong);
      auto& [own, value] = node.entries.emplace_back(Node::Entry());
      own = std::move(key);
      if (!Value(value)) return false;
      more = in_.Take(',');
      if (!more && !in_.Take('}')) return in_.FailExpected("',' or '}'");
    }
    --depth_;
    return true;
  }

  bool List(Node& node) {
    node.kind = Node::Kind::kList;
    if (!Enter(node)) return false;
    in_.Take('[');
    bool more = !in_.Take(']');
    while (more) {
      if (!Value(node.items.emplace_back())) return false;
      more = in_.Take(',');
      if (!more && !in_.Take(']')) return in_.FailExpected("',' or ']'");
    }
    --depth_;
    return true;
  }

  bool Enter(const Node& node) {
    if (depth_++ < limits_.max_depth) return true;
    return Fail(node, "nested more than " + std::to_string(limits_.max_depth) + " levels deep");
  }

  void Place(Node& node) {
    for (const std::size_t at = in_.offset(); scanned_ < at; ++scanned_) {
      const auto byte = static_cast<unsigned char>(text_[scanned_]);
      if (byte == '\n') {
        ++line_;
        column_ = 1;
      } else if ((byte & 0xC0U) != 0x80) {  // not a continuation of a character
        ++column_;
      }
    }
    node.line = line_;
    node.column = column_;
  }
  bool Fail(const Node& node, std::string_view reason) {
    status_ = ErrorAt(node, reason);
    return false;
  }

  const std::string_view text_;
  const Limits limits_;
  wire::JsonReader in_;
  int depth_ = 0;
  std::size_t nodes_ = 0;
  std::uint32_t line_ = 1;
  std::uint32_t column_ = 1;
  std::size_t scanned_ = 0;  // up to where line_ and column_ are known
  Status status_;
};

}  // namespace

std::string WrongKey(const Node& map, const Node& key) {
  constexpr std::size_t kMostKeys = 10'000;  // each is compared with all others
  if (map.entries.size() >= kMostKeys) {
    return "a map with more than " + std::to_string(kMostKeys) + " keys";
  }
  for (const auto& [other, value] : map.entries) {
    if (other.text == key.text) return "the key \"" + key.text + "\" occurs twice";
  }
  return {};
}

Status ErrorAt(const Node& node, std::string_view reason) {
  return InvalidArgumentError("line " + std::to_string(node.line) + ", column " +
                              std::to_string(node.column) + ": " + std::string(reason));
}

StatusOr<Node> ParseJson(std::string_view text, const Limits& limits) {
  if (text.size() > limits.max_bytes) {
    return ResourceExhaustedError("the document has " + std::to_string(text.size()) +
                                  " bytes; the limit is " + std::to_string(limits.max_bytes));
  }
  return JsonBuilder(text, limits).Build();
}

StatusOr<Node> Parse(std::string_view text, const Limits& limits) {
  const auto first = std::ranges::find_if_not(text, base::IsBlank);
  const bool may_be_json = first != text.end() && (*first == '{' || *first == '[');
  if (!may_be_json) return ParseYaml(text, limits);
  StatusOr<Node> json = ParseJson(text, limits);
  if (json.ok() || json.status().code() == StatusCode::kResourceExhausted) return json;
  StatusOr<Node> yaml = ParseYaml(text, limits);  // flow style
  return yaml.ok() ? std::move(yaml) : std::move(json);
}

}  // namespace tql::document

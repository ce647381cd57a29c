#include "mockserver/rest/fields.h"

#include <algorithm>
#include <charconv>
#include <unordered_set>

#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::rest {
namespace {

using document::Node;

constexpr std::size_t kQuoted = 60;
constexpr std::size_t kMostText = 4'096;
constexpr std::size_t kMostElements = 10'000;

std::string Expected(std::string_view expected, const Node& found) {
  std::string text = "expected " + std::string(expected) + ", found ";
  switch (found.kind) {
    case Node::Kind::kList:
      return text + "a list";
    case Node::Kind::kMap:
      return text + "an object";
    case Node::Kind::kNull:
      return text + "null";
    default:
      return text + '"' + base::Excerpt(found.text, kQuoted) + '"';
  }
}

std::string OneOf(std::span<const std::string_view> words) {
  constexpr std::size_t kMostShown = 10;
  std::string text = "one of ";
  for (std::size_t i = 0; i < std::min(words.size(), kMostShown); ++i) {
    if (i > 0) text += ", ";
    text += words[i];
  }
  if (words.size() > kMostShown) text += ", …";
  return text;
}

std::string Element(std::string_view name, std::size_t index) {
  return std::string(name) + '[' + std::to_string(index) + ']';
}

}  // namespace

StatusOr<Fields> Fields::Of(const Params& params) {
  Node map;
  map.kind = Node::Kind::kMap;
  std::unordered_set<std::string_view> names;
  for (const Params::Value& value : params.all()) {
    if (!names.insert(value.name).second) continue;
    Node::Entry entry;
    entry.key.kind = Node::Kind::kScalar;
    entry.key.text = value.name;
    if (value.is_compound) {
      TQL_ASSIGN_OR_RETURN(entry.value, document::ParseJson(value.text));
    } else {
      entry.value.kind = Node::Kind::kScalar;
      entry.value.text = value.text;
    }
    map.entries.push_back(std::move(entry));
  }
  return Fields(std::move(map));
}

const Node* Fields::Find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      map_.entries, [&](const Node::Entry& entry) { return entry.key.text == name; });
  if (found == map_.entries.end() || found->value.kind == Node::Kind::kNull) return nullptr;
  return &found->value;
}

Status Fields::Error(std::string_view name, std::string_view reason) const {
  return InvalidArgumentError(path_ + std::string(name) + ": " + std::string(reason));
}

StatusOr<std::string> Fields::Text(std::string_view name) const {
  const Node* const found = Find(name);
  if (found == nullptr) return std::string();
  if (found->kind != Node::Kind::kScalar) return Error(name, Expected("a text", *found));
  if (found->text.size() > kMostText) {
    return Error(name, "expected at most " + std::to_string(kMostText) + " bytes");
  }
  return found->text;
}

StatusOr<std::string> Fields::Required(std::string_view name) const {
  TQL_ASSIGN_OR_RETURN(std::string text, Text(name));
  if (text.empty()) return Error(name, "expected a text, found nothing");
  return text;
}

StatusOr<std::optional<bool>> Fields::Flag(std::string_view name) const {
  const Node* const found = Find(name);
  if (found == nullptr) return std::optional<bool>();
  if (found->kind == Node::Kind::kScalar) {
    if (base::EqualsIgnoreCase(found->text, "true")) return std::optional(true);
    if (base::EqualsIgnoreCase(found->text, "false")) return std::optional(false);
  }
  return Error(name, Expected("true or false", *found));
}

StatusOr<std::int64_t> Fields::Integer(std::string_view name, std::int64_t absent) const {
  const Node* const found = Find(name);
  if (found == nullptr) return absent;
  const std::string& text = found->text;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (found->kind == Node::Kind::kScalar && whole) return value;
  return Error(name, Expected("a number", *found));
}

StatusOr<std::string> Fields::Word(std::string_view name,
                                   std::span<const std::string_view> words) const {
  const Node* const found = Find(name);
  if (found == nullptr) return std::string();
  const bool known =
      found->kind == Node::Kind::kScalar && std::ranges::find(words, found->text) != words.end();
  if (!known) return Error(name, Expected(OneOf(words), *found));
  return found->text;
}

StatusOr<std::vector<std::string>> Fields::Texts(std::string_view name) const {
  std::vector<std::string> texts;
  const Node* const found = Find(name);
  if (found == nullptr) return texts;
  if (found->kind == Node::Kind::kScalar) {
    texts.push_back(found->text);
    return texts;
  }
  if (found->kind != Node::Kind::kList) return Error(name, Expected("a list of texts", *found));
  if (found->items.size() > kMostElements) {
    return Error(name, "expected at most " + std::to_string(kMostElements) + " elements");
  }
  for (const Node& item : found->items) {
    if (item.kind != Node::Kind::kScalar) {
      return Error(Element(name, texts.size()), Expected("a text", item));
    }
    texts.push_back(item.text);
  }
  return texts;
}

StatusOr<std::vector<std::string>> Fields::Words(std::string_view name,
                                                 std::span<const std::string_view> words) const {
  TQL_ASSIGN_OR_RETURN(std::vector<std::string> texts, Texts(name));
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (std::ranges::find(words, texts[i]) != words.end()) continue;
    return Error(Element(name, i), "expected " + OneOf(words) + ", found \"" +
                                       base::Excerpt(texts[i], kQuoted) + '"');
  }
  return texts;
}

StatusOr<std::vector<Fields>> Fields::Objects(std::string_view name) const {
  std::vector<Fields> objects;
  const Node* const found = Find(name);
  if (found == nullptr) return objects;
  if (found->kind != Node::Kind::kList) return Error(name, Expected("a list of objects", *found));
  if (found->items.size() > kMostElements) {
    return Error(name, "expected at most " + std::to_string(kMostElements) + " elements");
  }
  for (const Node& item : found->items) {
    const std::string element = Element(name, objects.size());
    if (item.kind != Node::Kind::kMap) return Error(element, Expected("an object", item));
    objects.push_back(Fields(item, path_ + element + '.'));
  }
  return objects;
}

StatusOr<Fields> Fields::Object(std::string_view name) const {
  const Node* const found = Find(name);
  Node empty;
  empty.kind = Node::Kind::kMap;
  if (found == nullptr) return Fields(std::move(empty));
  if (found->kind != Node::Kind::kMap) return Error(name, Expected("an object", *found));
  return Fields(*found, path_ + std::string(name) + '.');
}

}  // namespace tql::rest

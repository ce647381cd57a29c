#include "mockserver/rest/params.h"

#include <algorithm>
#include <charconv>

#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "proto/document/document.h"
#include "proto/document/node_json.h"

namespace tql::rest {
namespace {

constexpr std::size_t kQuoted = 60;
constexpr std::size_t kMostElements = 10'000;

Status WrongValue(std::string_view name, std::string_view expected, std::string_view found) {
  return InvalidArgumentError(std::string(name) + ": expected " + std::string(expected) +
                              ", found \"" + base::Excerpt(found, kQuoted) + '"');
}

/// Takes a string in quotes from the start of the text; a backslash escapes a character.
std::optional<std::string> TakeQuoted(std::string_view& text) {
  const char quote = text.front();
  std::string value;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == quote) {
      text.remove_prefix(i + 1);
      return value;
    }
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    value += text[i];
  }
  return std::nullopt;
}

/// Takes the next element of a list, up to a comma or the end.
std::optional<std::string> TakeElement(std::string_view& text) {
  text = base::Trim(text);
  if (text.empty()) return std::nullopt;
  std::optional<std::string> value;
  if (text.front() == '"' || text.front() == '\'') {
    value = TakeQuoted(text);
    text = base::Trim(text);
    if (!text.empty() && text.front() != ',') return std::nullopt;
  } else {
    const std::size_t end = std::min(text.find(','), text.size());
    value = std::string(base::Trim(text.substr(0, end)));
    if (value->empty() || value->find_first_of("[]{}\"'") != std::string::npos) return std::nullopt;
    text.remove_prefix(end);
  }
  return value;
}

}  // namespace

Status Params::AddJson(std::string_view object) {
  TQL_ASSIGN_OR_RETURN(const document::Node root, document::ParseJson(object));
  if (root.kind != document::Node::Kind::kMap) {
    return document::ErrorAt(root, "expected an object");
  }
  for (const auto& [key, value] : root.entries) {
    if (value.kind == document::Node::Kind::kNull) continue;
    Value member{.name = key.text,
                 .text = value.text,
                 .is_compound = value.kind != document::Node::Kind::kScalar};
    if (member.is_compound) document::AppendJson(value, &member.text);
    values_.push_back(std::move(member));
  }
  return Status();
}

std::vector<std::string_view> Params::Names() const {
  std::vector<std::string_view> names;
  names.reserve(values_.size());
  for (const Value& value : values_) names.emplace_back(value.name);
  return names;
}

const std::string* Params::Find(std::string_view name) const {
  const auto found = std::ranges::find(values_, name, &Value::name);
  return found == values_.end() ? nullptr : &found->text;
}

std::string_view Params::Text(std::string_view name) const {
  const std::string* const value = Find(name);
  return value == nullptr ? std::string_view() : *value;
}

StatusOr<bool> Params::Bool(std::string_view name, bool absent) const {
  const std::string_view text = Text(name);
  if (text.empty()) return absent;
  if (base::EqualsIgnoreCase(text, "true")) return true;
  if (base::EqualsIgnoreCase(text, "false")) return false;
  return WrongValue(name, "true or false", text);
}

StatusOr<std::int64_t> Params::Integer(std::string_view name, std::int64_t absent) const {
  const std::string_view text = base::Trim(Text(name));
  if (text.empty()) return absent;
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  return WrongValue(name, "a number", text);
}

StatusOr<std::vector<std::string>> Params::List(std::string_view name) const {
  const StatusOr<std::vector<std::string>> list = ParseList(Text(name));
  if (list.ok()) return list;
  return InvalidArgumentError(std::string(name) + ": " + list.status().message());
}

StatusOr<std::vector<std::string>> ParseList(std::string_view text) {
  std::vector<std::string> list;
  const std::string_view whole = text = base::Trim(text);
  const auto wrong = [&] {
    return InvalidArgumentError("expected a list such as [\"a\",\"b\"], found \"" +
                                base::Excerpt(whole, kQuoted) + '"');
  };
  if (text.empty()) return list;
  if (text.front() == '[') {
    if (text.size() < 2 || text.back() != ']') return wrong();
    text = base::Trim(text.substr(1, text.size() - 2));
  }
  while (!text.empty()) {
    std::optional<std::string> element = TakeElement(text);
    if (!element) return wrong();
    list.push_back(*std::move(element));
    if (list.size() > kMostElements) {
      return InvalidArgumentError("expected at most " + std::to_string(kMostElements) +
                                  " elements");
    }
    if (text.empty()) break;
    text.remove_prefix(1);  // the comma
    if (base::Trim(text).empty()) return wrong();
  }
  return list;
}

StatusOr<Page> PageOf(const Params& params, std::string_view offset, std::string_view size) {
  TQL_ASSIGN_OR_RETURN(const std::int64_t from, params.Integer(offset, -1));
  TQL_ASSIGN_OR_RETURN(const std::int64_t most, params.Integer(size, -1));
  if (from < -1) return WrongValue(offset, "-1 or a position from 0", std::to_string(from));
  if (most < -1 || most == 0) {
    return WrongValue(size, "-1 or a number from 1", std::to_string(most));
  }
  Page page;
  if (from > 0) page.offset = static_cast<std::size_t>(from);
  if (most > 0) page.size = static_cast<std::size_t>(most);
  return page;
}

bool MatchesPattern(std::string_view name, std::string_view pattern) {
  const auto same = [](char a, char b) { return base::ToLower(a) == base::ToLower(b); };
  std::size_t at = 0;
  std::size_t in = 0;
  std::size_t retry = 0;  // where the text of the last '%' may end
  std::optional<std::size_t> wildcard;
  while (at < name.size()) {
    if (in < pattern.size() && pattern[in] == '%') {
      wildcard = in++;
      retry = at;
    } else if (in < pattern.size() && same(name[at], pattern[in])) {
      ++at;
      ++in;
    } else if (wildcard) {
      in = *wildcard + 1;
      at = ++retry;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('%', in) == pattern.npos;
}

}  // namespace tql::rest

#include "tools/tqlconform/suite/json_pattern.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <system_error>

#include "proto/base/json_writer.h"
#include "proto/base/utf8.h"

namespace tqlconform {
namespace {

using tql::InvalidArgumentError;
using tql::Status;
using tql::StatusOr;
using Kind = JsonValue::Kind;

constexpr std::string_view kAnyNumber = "...";
constexpr std::string_view kRegex = "re:";

bool IsText(const JsonValue& value, std::string_view text) {
  return value.kind == Kind::kScalar && value.is_string && value.text == text;
}

const JsonValue* Member(const JsonValue& map, std::string_view key) {
  const auto found = std::ranges::find_if(
      map.entries, [key](const JsonValue::Entry& entry) { return entry.key.text == key; });
  return found == map.entries.end() ? nullptr : &found->value;
}

void AppendJson(const JsonValue& value, std::size_t most, std::string* out) {
  if (out->size() > most) return;
  switch (value.kind) {
    case Kind::kNull:
      *out += "null";
      return;
    case Kind::kScalar:
      if (value.is_string) {
        tql::base::AppendJsonString(value.text, out);
      } else {
        *out += value.text;
      }
      return;
    case Kind::kList:
      *out += '[';
      for (const JsonValue& item : value.items) {
        if (&item != value.items.data()) *out += ',';
        AppendJson(item, most, out);
      }
      *out += ']';
      return;
    case Kind::kMap:
      *out += '{';
      for (const JsonValue::Entry& entry : value.entries) {
        if (&entry != value.entries.data()) *out += ',';
        tql::base::AppendJsonString(entry.key.text, out);
        *out += ':';
        AppendJson(entry.value, most, out);
      }
      *out += '}';
  }
}

/// Whether the items are those of a sequence of patterns, some of which stand for any number of
/// items. `reached` is the greatest number of patterns that matched.
bool MatchSequence(std::size_t patterns, std::size_t items,
                   const std::function<bool(std::size_t)>& is_any,
                   const std::function<bool(std::size_t, std::size_t)>& matches,
                   std::size_t* reached) {
  std::size_t pattern = 0;
  std::size_t item = 0;
  std::size_t retry_pattern = std::string::npos;  // Behind the last pattern that is any number.
  std::size_t retry_item = 0;
  *reached = 0;
  while (true) {
    *reached = std::max(*reached, pattern);
    if (pattern < patterns && is_any(pattern)) {
      retry_pattern = ++pattern;
      retry_item = item;
    } else if (pattern < patterns && item < items && matches(pattern, item)) {
      ++pattern;
      ++item;
    } else if (pattern == patterns && item == items) {
      return true;
    } else if (retry_pattern == std::string::npos || retry_item >= items) {
      return false;
    } else {
      // The items that the last "any number" stands for are one more.
      pattern = retry_pattern;
      item = ++retry_item;
    }
  }
}

std::string Mismatch(const JsonValue& pattern, const JsonValue* value, const std::string& path);

std::string Differs(const std::string& path, std::string_view expected, const JsonValue* value) {
  return (path.empty() ? "" : path + ": ") + "expected " + std::string(expected) + ", found " +
         (value == nullptr ? "nothing" : ShownJson(*value));
}

std::string MismatchOfMap(const JsonValue& pattern, const JsonValue& value,
                          const std::string& path) {
  for (const JsonValue::Entry& entry : pattern.entries) {
    if (entry.key.text == kAnyNumber) continue;
    const std::string why =
        Mismatch(entry.value, Member(value, entry.key.text), path + "/" + entry.key.text);
    if (!why.empty()) return why;
  }
  if (Member(pattern, kAnyNumber) == nullptr) return "";
  for (const JsonValue::Entry& entry : value.entries) {
    if (Member(pattern, entry.key.text) == nullptr) {
      return Differs(path + "/" + entry.key.text, "no such key", &entry.value);
    }
  }
  return "";
}

std::string MismatchOfList(const JsonValue& pattern, const JsonValue& value,
                           const std::string& path) {
  std::size_t reached = 0;
  const bool matches = MatchSequence(
      pattern.items.size(), value.items.size(),
      [&](std::size_t i) { return IsText(pattern.items[i], kAnyNumber); },
      [&](std::size_t i, std::size_t j) {
        return Mismatch(pattern.items[i], &value.items[j], "").empty();
      },
      &reached);
  if (matches) return "";
  const bool no_wildcard = std::ranges::none_of(
      pattern.items, [](const JsonValue& item) { return IsText(item, kAnyNumber); });
  if (reached < pattern.items.size() && reached < value.items.size() && no_wildcard) {
    return Mismatch(pattern.items[reached], &value.items[reached],
                    path + "/" + std::to_string(reached));
  }
  return Differs(path, ShownJson(pattern), &value);
}

/// Why the value, null if it is missing, is not that of the pattern; empty if it is.
std::string Mismatch(const JsonValue& pattern, const JsonValue* value, const std::string& path) {
  if (IsText(pattern, "-")) return value == nullptr ? "" : Differs(path, "no value", value);
  if (value == nullptr) return Differs(path, ShownJson(pattern), value);
  if (IsText(pattern, "*")) return "";
  if (pattern.kind == Kind::kScalar && pattern.is_string && pattern.text.starts_with(kRegex)) {
    const StatusOr<Regex> regex =
        Regex::Compile(std::string_view(pattern.text).substr(kRegex.size()));
    const bool matches = regex.ok() && value->kind == Kind::kScalar && value->is_string &&
                         regex->Matches(value->text);
    return matches ? "" : Differs(path, "a string that matches " + pattern.text.substr(3), value);
  }
  if (pattern.kind != value->kind) return Differs(path, ShownJson(pattern), value);
  if (pattern.kind == Kind::kMap) return MismatchOfMap(pattern, *value, path);
  if (pattern.kind == Kind::kList) return MismatchOfList(pattern, *value, path);
  const bool equal = pattern.text == value->text && pattern.is_string == value->is_string;
  return equal ? "" : Differs(path, ShownJson(pattern), value);
}

}  // namespace

StatusOr<JsonValue> ParseResponseJson(std::string_view text) {
  constexpr std::size_t kMaxBytes = std::size_t{16} << 20;
  return tql::document::ParseJson(text, {.max_bytes = kMaxBytes});
}

std::string ShownJson(const JsonValue& value, std::size_t most) {
  std::string json;
  AppendJson(value, most, &json);
  return tql::base::Excerpt(json, most);
}

std::string TextOf(const JsonValue& value) {
  if (value.kind == Kind::kScalar) return value.text;
  std::string json;
  AppendJson(value, std::string::npos - 1, &json);
  return json;
}

Status CheckJsonPattern(const JsonValue& pattern) {
  if (pattern.kind == Kind::kScalar && pattern.is_string && pattern.text.starts_with(kRegex)) {
    return Regex::Compile(std::string_view(pattern.text).substr(kRegex.size())).status();
  }
  for (const JsonValue& item : pattern.items) {
    if (Status status = CheckJsonPattern(item); !status.ok()) return status;
  }
  for (const JsonValue::Entry& entry : pattern.entries) {
    if (entry.key.text == kAnyNumber && !IsText(entry.value, "-")) {
      return InvalidArgumentError("the key \"...\" has the value \"-\" only");
    }
    if (Status status = CheckJsonPattern(entry.value); !status.ok()) return status;
  }
  return Status();
}

StatusOr<LinePattern> LinePattern::Parse(std::string_view text) {
  LinePattern pattern(text);
  if (pattern.is_any_lines()) return pattern;
  if (text.size() >= 2 && text.starts_with('/') && text.ends_with('/')) {
    StatusOr<Regex> regex = Regex::Compile(text.substr(1, text.size() - 2));
    if (!regex.ok()) return regex.status();
    pattern.regex_ = *std::move(regex);
    return pattern;
  }
  if (!text.starts_with('{')) {
    return InvalidArgumentError("expected ..., /RE/ or a JSON object, found \"" +
                                tql::base::Excerpt(text, 60) + '"');
  }
  StatusOr<JsonValue> json = tql::document::ParseJson(text);
  if (!json.ok()) return json.status();
  if (Status status = CheckJsonPattern(*json); !status.ok()) return status;
  pattern.json_ = *std::move(json);
  return pattern;
}

std::string LinePattern::Mismatch(std::string_view line) const {
  if (regex_) {
    return regex_->Matches(line) ? "" : "expected a line that matches " + regex_->pattern();
  }
  if (!json_) return "";
  const StatusOr<JsonValue> value = ParseResponseJson(line);
  if (!value.ok()) return "expected a line of JSON: " + value.status().message();
  return tqlconform::Mismatch(*json_, &*value, "");
}

std::string MismatchOfLines(std::span<const LinePattern> patterns,
                            std::span<const std::string_view> lines, std::size_t* index) {
  std::string last;  // Why the pattern that was reached last does not match.
  const bool matches = MatchSequence(
      patterns.size(), lines.size(), [&](std::size_t i) { return patterns[i].is_any_lines(); },
      [&](std::size_t i, std::size_t j) {
        std::string why = patterns[i].Mismatch(lines[j]);
        if (why.empty()) return true;
        last = "line " + std::to_string(j) + ": " + why;
        return false;
      },
      index);
  if (matches) return "";
  if (*index == patterns.size()) {
    return "expected " + std::to_string(patterns.size()) + " lines, found " +
           std::to_string(lines.size());
  }
  return last.empty() ? "expected a line " + patterns[*index].text() + ", found no more lines"
                      : last;
}

Status CheckPointer(std::string_view pointer) {
  if (!pointer.empty() && !pointer.starts_with('/')) {
    return InvalidArgumentError("a JSON pointer begins with /, found \"" +
                                tql::base::Excerpt(pointer, 60) + '"');
  }
  for (std::size_t at = pointer.find('~'); at != pointer.npos; at = pointer.find('~', at + 1)) {
    const std::string_view rest = pointer.substr(at + 1, 1);
    if (rest != "0" && rest != "1") {
      return InvalidArgumentError("in a JSON pointer, ~ is written ~0 and / is written ~1");
    }
  }
  return Status();
}

std::vector<const JsonValue*> AtPointer(const JsonValue& root, std::string_view pointer) {
  std::vector<const JsonValue*> values = {&root};
  while (!pointer.empty()) {
    pointer.remove_prefix(1);
    const std::size_t end = std::min(pointer.find('/'), pointer.size());
    std::string part;
    for (std::size_t i = 0; i < end; ++i) {
      if (pointer[i] == '~' && i + 1 < end) {
        part += pointer[++i] == '1' ? '/' : '~';
      } else {
        part += pointer[i];
      }
    }
    pointer.remove_prefix(end);
    std::vector<const JsonValue*> next;
    for (const JsonValue* const value : values) {
      if (value == nullptr) {
        next.push_back(nullptr);
      } else if (part == "*") {
        for (const JsonValue& item : value->items) next.push_back(&item);
        for (const JsonValue::Entry& entry : value->entries) next.push_back(&entry.value);
      } else if (value->kind == Kind::kList) {
        std::size_t index = 0;
        const auto [stop, error] = std::from_chars(part.data(), part.data() + part.size(), index);
        const bool is_number = error == std::errc() && stop == part.data() + part.size();
        next.push_back(is_number && index < value->items.size() ? &value->items[index] : nullptr);
      } else {
        next.push_back(Member(*value, part));
      }
    }
    values = std::move(next);
  }
  return values;
}

}  // namespace tqlconform

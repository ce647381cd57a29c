// Patterns of JSON values, patterns of the lines of a response, and JSON pointers with wildcards.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_JSON_PATTERN_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_JSON_PATTERN_H_

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/document/document.h"
#include "tools/tqlconform/suite/regex.h"
#include "tql/status.h"

namespace tqlconform {

using JsonValue = tql::document::Node;

/// Parses JSON of a response: one value, no key twice.
tql::StatusOr<JsonValue> ParseResponseJson(std::string_view text);

/// The value as JSON, at most `most` characters of it.
std::string ShownJson(const JsonValue& value, std::size_t most = 200);

/// A pattern of one line:
///   ...      any number of lines, also none
///   /RE/     a line that the RE matches
///   {…}      a line with a JSON object, of which the pattern is a part:
///     an object has at least the keys of its pattern; with "...": "-" no others
///     an array has exactly the elements of its pattern; the element "..." is any number of them
///     "text"   the same string          "re:RE"  a string that the RE matches
///     "*"      any value                "-"      the key is missing
///     numbers, true, false, null        the same, not as a string
class LinePattern {
 public:
  static tql::StatusOr<LinePattern> Parse(std::string_view text);

  bool is_any_lines() const { return text_ == "..."; }
  /// Why the line does not match; empty if it does.
  std::string Mismatch(std::string_view line) const;
  const std::string& text() const { return text_; }

 private:
  explicit LinePattern(std::string_view text) : text_(text) {}

  std::string text_;
  std::optional<Regex> regex_;
  std::optional<JsonValue> json_;
};

/// Why the lines are not those of the patterns; empty if they are. `index` is then that of the
/// first pattern that fails, or patterns.size() if there are lines left.
std::string MismatchOfLines(std::span<const LinePattern> patterns,
                            std::span<const std::string_view> lines, std::size_t* index);

/// Checks a JSON pattern without a value.
tql::Status CheckJsonPattern(const JsonValue& pattern);

/// The values at an RFC 6901 pointer whose part "*" means every element or member. A value
/// that is missing is null: below "*" one for each element that lacks it.
std::vector<const JsonValue*> AtPointer(const JsonValue& root, std::string_view pointer);
/// The pointer begins with "/" or is empty, and escapes ~ as ~0 and ~1 only.
tql::Status CheckPointer(std::string_view pointer);
/// A scalar's text, "null", or the JSON of an object or array.
std::string TextOf(const JsonValue& value);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_JSON_PATTERN_H_

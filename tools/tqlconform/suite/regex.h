// Regular expressions of cases: RE2, with bounded memory, and errors that help.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_REGEX_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_REGEX_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace tqlconform {

/// A compiled RE2. Matching takes time linear in the text.
///
/// Thread safety: const methods may be called by several threads.
class Regex {
 public:
  /// INVALID_ARGUMENT with the reason, and what RE2 has instead where a pattern of another dialect
  /// is likely.
  static tql::StatusOr<Regex> Compile(std::string_view pattern);

  /// Whether the pattern matches anywhere in the text.
  bool Matches(std::string_view text) const;
  const std::string& pattern() const;

 private:
  explicit Regex(std::shared_ptr<const re2::RE2> regex) : regex_(std::move(regex)) {}

  std::shared_ptr<const re2::RE2> regex_;
};

/// Escapes the text so that it matches itself.
std::string QuoteRegex(std::string_view text);

/// What the value of a header or of a JSON pointer must be: "*" anything, "-" missing, "!RE" a
/// value that the RE does not match, "-!RE" missing or such a value, otherwise an RE that matches.
class ValueRule {
 public:
  static tql::StatusOr<ValueRule> Parse(std::string_view text);

  /// Whether the value, or its absence, is right.
  bool Allows(const std::optional<std::string>& value) const;
  /// "a value that matches …"
  std::string Expected() const;

 private:
  enum class Kind { kAny, kMissing, kMatch, kNoMatch, kMissingOrNoMatch };
  ValueRule(Kind kind, std::optional<Regex> regex) : kind_(kind), regex_(std::move(regex)) {}

  Kind kind_;
  std::optional<Regex> regex_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_REGEX_H_

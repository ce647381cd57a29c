#include "tools/tqlconform/suite/regex.h"

#include <re2/re2.h>

#include <utility>

#include "proto/base/utf8.h"

namespace tqlconform {
namespace {

using tql::InvalidArgumentError;
using tql::StatusOr;

constexpr std::int64_t kMaxMemory = std::int64_t{1} << 20;
constexpr std::size_t kMaxPatternBytes = std::size_t{64} << 10;
constexpr std::size_t kMostShown = 80;

/// What other dialects have and RE2 does not.
struct Hint {
  std::string_view part;
  std::string_view hint;
};
constexpr Hint kHints[] = {
    {"(?=", "RE2 has no look-ahead"},
    {"(?!", "RE2 has no look-ahead; \"!RE\" and `never` say what must not match"},
    {"(?<=", "RE2 has no look-behind"},
    {"(?<!", "RE2 has no look-behind"},
    {"(?<", "RE2 writes named groups as (?P<name>…)"},
    {"\\h", "write [ \\t]"},
    {"\\K", "RE2 has no \\K"},
    {"\\Z", "write \\z or $"},
    {"++", "RE2 has no possessive quantifiers"},
    {"*+", "RE2 has no possessive quantifiers"},
    {"?+", "RE2 has no possessive quantifiers"},
};

std::string HintFor(const re2::RE2& regex) {
  if (regex.error_code() == re2::RE2::ErrorRepeatSize) {
    return "; at most 1000 repetitions are possible";
  }
  for (const Hint& hint : kHints) {
    if (regex.pattern().find(hint.part) != std::string::npos) {
      return "; " + std::string(hint.hint);
    }
  }
  const std::string& argument = regex.error_arg();
  if (regex.error_code() == re2::RE2::ErrorBadEscape && argument.size() == 2 &&
      argument[1] >= '1' && argument[1] <= '9') {
    return "; RE2 has no references to groups";
  }
  return "";
}

}  // namespace

StatusOr<Regex> Regex::Compile(std::string_view pattern) {
  if (pattern.size() > kMaxPatternBytes) {
    return InvalidArgumentError("a pattern of " + std::to_string(pattern.size()) +
                                " bytes; at most " + std::to_string(kMaxPatternBytes) +
                                " are possible");
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kMaxMemory);
  auto regex =
      std::make_shared<const re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
  if (regex->ok()) return Regex(std::move(regex));
  return InvalidArgumentError("invalid pattern \"" + tql::base::Excerpt(pattern, kMostShown) +
                              "\": " + regex->error() + HintFor(*regex));
}

bool Regex::Matches(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *regex_);
}

const std::string& Regex::pattern() const { return regex_->pattern(); }

std::string QuoteRegex(std::string_view text) {
  return re2::RE2::QuoteMeta(re2::StringPiece(text.data(), text.size()));
}

StatusOr<ValueRule> ValueRule::Parse(std::string_view text) {
  if (text == "*") return ValueRule(Kind::kAny, std::nullopt);
  if (text == "-") return ValueRule(Kind::kMissing, std::nullopt);
  constexpr std::string_view kNot = "!";
  constexpr std::string_view kMissingOrNot = "-!";
  Kind kind = Kind::kMatch;
  if (text.starts_with(kNot)) {
    kind = Kind::kNoMatch;
    text.remove_prefix(kNot.size());
  } else if (text.starts_with(kMissingOrNot)) {
    kind = Kind::kMissingOrNoMatch;
    text.remove_prefix(kMissingOrNot.size());
  }
  StatusOr<Regex> regex = Regex::Compile(text);
  if (!regex.ok()) return regex.status();
  return ValueRule(kind, *std::move(regex));
}

bool ValueRule::Allows(const std::optional<std::string>& value) const {
  switch (kind_) {
    case Kind::kAny:
      return value.has_value();
    case Kind::kMissing:
      return !value;
    case Kind::kMatch:
      return value && regex_->Matches(*value);
    case Kind::kNoMatch:
      return value && !regex_->Matches(*value);
    case Kind::kMissingOrNoMatch:
      return !value || !regex_->Matches(*value);
  }
  return false;
}

std::string ValueRule::Expected() const {
  switch (kind_) {
    case Kind::kAny:
      return "any value";
    case Kind::kMissing:
      return "no value";
    case Kind::kMatch:
      return "a value that matches " + regex_->pattern();
    case Kind::kNoMatch:
      return "a value that does not match " + regex_->pattern();
    case Kind::kMissingOrNoMatch:
      return "no value, or one that does not match " + regex_->pattern();
  }
  return "";
}

}  // namespace tqlconform

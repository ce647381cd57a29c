#include "tools/tql/copy/copy_value.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <system_error>

#include "mockserver/dialect/chars.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"
#include "tools/tql/quoted_text.h"
#include "tools/tql/settings.h"

namespace tql::shell {
namespace {

/// Trims the text and removes a plus sign.
std::string_view PlainNumber(std::string_view text) {
  text = base::Trim(text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

template <typename Number>
bool Parses(std::string_view text, Number* number) {
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, *number);
  return error == std::errc() && at == end;
}

template <typename Number>
bool AppendWhole(std::string_view text, std::string* out) {
  Number number = 0;
  if (!Parses(text, &number)) return false;
  char digits[24];
  out->append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
  return true;
}

/// Copies the number as written, to avoid rounding, with a digit before the point. Values that are
/// not literals of TQL are sent as strings, which the service converts.
bool AppendDecimal(std::string_view text, std::string* out) {
  double number = 0;
  if (!Parses(text, &number)) return false;
  if (!std::isfinite(number)) {
    *out += std::isnan(number) ? "'nan'" : number > 0 ? "'inf'" : "'-inf'";
    return true;
  }
  if (number == 0 && std::signbit(number)) {
    *out += "-0.0";
    return true;
  }
  if (text.front() == '-') {
    *out += '-';
    text.remove_prefix(1);
  }
  if (text.front() == '.') *out += '0';
  *out += text;
  return true;
}

bool IsOneOf(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(
      words, [&](std::string_view word) { return base::EqualsIgnoreCase(text, word); });
}

/// The date and time of a text in one of the formats that \copy writes.
struct Moment {
  std::optional<std::int64_t> date;  // seconds since 1970
  std::optional<std::int64_t> time;  // seconds of the day
};

/// Parses the given number of digits; -1 if there are other characters.
int DigitsAt(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return -1;
  int value = 0;
  for (const char c : text.substr(at, count)) {
    if (c < '0' || c > '9') return -1;
    value = value * 10 + (c - '0');
  }
  return value;
}

/// Parses "HH:MM:SS".
std::optional<std::int64_t> ReadTime(std::string_view text) {
  constexpr std::size_t kSize = 8;
  if (text.size() != kSize || text[2] != ':' || text[5] != ':') return std::nullopt;
  const int hour = DigitsAt(text, 0, 2);
  const int minute = DigitsAt(text, 3, 2);
  const int second = DigitsAt(text, 6, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) {
    return std::nullopt;
  }
  return (hour * std::int64_t{60} + minute) * 60 + second;
}

/// The numbers of "YYYY-MM-DD…", which may not be a valid date.
struct DateDigits {
  int year = -1;
  int middle = -1;
  int last = -1;

  bool found() const { return year > 0 && middle >= 0 && last >= 0; }
  std::optional<std::int64_t> Read(int month, int day) const {
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    if (!date.ok()) return std::nullopt;
    return std::chrono::sys_seconds(std::chrono::sys_days(date)).time_since_epoch().count();
  }
  std::optional<std::int64_t> date() const { return Read(middle, last); }
  /// The date if the month is last.
  std::optional<std::int64_t> swapped_date() const { return Read(last, middle); }
};
constexpr std::size_t kDateSize = 10;

DateDigits DigitsOfDate(std::string_view text) {
  if (text.size() < kDateSize || text[4] != '-' || text[7] != '-') return {};
  return {DigitsAt(text, 0, 4), DigitsAt(text, 5, 2), DigitsAt(text, 8, 2)};
}

/// Parses "YYYY-MM-DD", "YYYY-MM-DD HH:MM:SS" or "HH:MM:SS"; nullopt for any other text.
Moment ReadMoment(std::string_view text, const DateDigits& digits) {
  if (!digits.found()) return {.date = {}, .time = ReadTime(text)};
  const std::optional<std::int64_t> date = digits.date();
  if (!date || text.size() == kDateSize) return {.date = date, .time = {}};
  const std::optional<std::int64_t> time =
      text[kDateSize] == ' ' ? ReadTime(text.substr(kDateSize + 1)) : std::nullopt;
  return time ? Moment{date, time} : Moment{};
}

/// Converts it to a value for a column of the type.
std::optional<std::int64_t> SecondsFor(ColumnType type, const Moment& moment) {
  if (type == ColumnType::kTime) return moment.date ? std::nullopt : moment.time;
  if (!moment.date) return std::nullopt;
  return *moment.date + (type == ColumnType::kDate ? 0 : moment.time.value_or(0));
}

void AppendNumber(std::int64_t number, std::string* out) {
  char digits[24];
  out->append(digits, std::to_chars(digits, digits + sizeof digits, number).ptr);
}

std::string Wrong(std::string_view text, const char* expected) {
  constexpr std::size_t kLongestShown = 100;
  return Mistake(base::Excerpt(text, kLongestShown), expected);
}

}  // namespace

std::string ColumnLiterals::AppendTemporal(std::string_view text, std::string* out) {
  const std::string_view trimmed = base::Trim(text);
  const DateDigits digits = DigitsOfDate(trimmed);
  const bool swaps = digits.found() && digits.swapped_date();
  const bool swapped = swaps && !digits.date();
  const std::optional<std::int64_t> seconds = SecondsFor(type_, ReadMoment(trimmed, digits));
  if (swapped && copied_form_) {
    return Wrong(text, "YYYY-MM-DD, as the lines before were read");
  }
  if (seconds && digits.found() && swapped_form_) {
    if (!swaps) return Wrong(text, "YYYY-DD-MM, as in the lines before");
    AppendInQuotes(text, out);
    return {};
  }
  swapped_form_ = swapped_form_ || swapped;
  if (seconds) {
    copied_form_ = copied_form_ || digits.found();
    AppendNumber(*seconds, out);
    return {};
  }
  std::int64_t number = 0;
  if (Parses(trimmed, &number)) {
    if (!epochs_) epochs_ = rules_.epochs || !reads_text_(trimmed);
    if (*epochs_) {
      AppendNumber(number, out);
      return {};
    }
  }
  AppendInQuotes(text, out);
  return {};
}

std::string ColumnLiterals::AppendBool(std::string_view text, std::string* out) {
  const std::string_view word = base::Trim(text);
  if (IsOneOf(word, {"true", "false"})) {
    *out += word.size() == 4 ? "true" : "false";
    return {};
  }
  constexpr std::size_t kMostWords = 100;
  constexpr std::size_t kLongestWord = 1000;
  auto known = words_.find(word);
  if (known == words_.end()) {
    std::string literal;
    if (word.size() > kLongestWord) return Wrong(text, "true or false");
    if (reads_text_(word)) {
      AppendInQuotes(word, &literal);
    } else if (IsOneOf(word, {"t", "yes", "y", "on", "1"})) {
      literal = "true";
    } else if (IsOneOf(word, {"f", "no", "n", "off", "0"})) {
      literal = "false";
    }
    if (words_.size() >= kMostWords) words_.clear();
    known = words_.emplace(std::string(word), std::move(literal)).first;
  }
  if (known->second.empty()) return Wrong(text, "true or false");
  *out += known->second;
  return {};
}

std::string ColumnLiterals::Append(const CsvField& field, std::string* out) {
  if (!field.quoted && field.text == rules_.null_text) {
    *out += "null";
    return {};
  }
  switch (type_) {
    case ColumnType::kInt:
      if (AppendWhole<std::int32_t>(PlainNumber(field.text), out)) return {};
      return Wrong(field.text, "a whole number from -2147483648 to 2147483647");
    case ColumnType::kBigInt:
      if (AppendWhole<std::int64_t>(PlainNumber(field.text), out)) return {};
      return Wrong(field.text, "a whole number of 64 bits");
    case ColumnType::kDouble:
    case ColumnType::kFloat:
      if (AppendDecimal(PlainNumber(field.text), out)) return {};
      return Wrong(field.text, "a number");
    case ColumnType::kBool:
      return AppendBool(field.text, out);
    case ColumnType::kDate:
    case ColumnType::kDateTime:
    case ColumnType::kTime:
      return AppendTemporal(field.text, out);
    default:
      AppendInQuotes(field.text, out);
      return {};
  }
}

}  // namespace tql::shell

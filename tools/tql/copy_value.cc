#include "tools/tql/copy_value.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <system_error>

#include "mockserver/dialect/chars.h"
#include "mockserver/dialect/utf8.h"
#include "tools/tql/settings.h"

namespace tql::shell {
namespace {

/// Without blanks around it, and without a plus sign.
std::string_view PlainNumber(std::string_view text) {
  while (!text.empty() && dialect::IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && dialect::IsBlank(text.back())) text.remove_suffix(1);
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

/// As it was written, so that nothing is rounded on the way, but with a digit before the point.
bool AppendDecimal(std::string_view text, std::string* out) {
  double number = 0;
  if (!Parses(text, &number) || !std::isfinite(number)) return false;
  if (text.front() == '-') {
    *out += '-';
    text.remove_prefix(1);
  }
  if (text.front() == '.') *out += '0';
  *out += text;
  return true;
}

bool AppendBool(std::string_view text, std::string* out) {
  const auto is_one_of = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, [&](std::string_view word) {
      return std::ranges::equal(text, word,
                                [](char a, char b) { return dialect::ToLower(a) == b; });
    });
  };
  if (is_one_of({"true", "t", "yes", "y", "on", "1"})) {
    *out += "true";
  } else if (is_one_of({"false", "f", "no", "n", "off", "0"})) {
    *out += "false";
  } else {
    return false;
  }
  return true;
}

void AppendString(std::string_view text, std::string* out) {
  *out += '\'';
  for (;;) {
    const std::size_t quote = text.find('\'');
    *out += text.substr(0, quote);
    if (quote == text.npos) break;
    *out += "''";
    text.remove_prefix(quote + 1);
  }
  *out += '\'';
}

}  // namespace

std::string AppendLiteral(const CsvField& field, ColumnType type, std::string_view null_text,
                          std::string* out) {
  if (!field.quoted && field.text == null_text) {
    *out += "null";
    return {};
  }
  const char* expected = nullptr;
  switch (type) {
    case ColumnType::kInt:
      if (!AppendWhole<std::int32_t>(PlainNumber(field.text), out)) {
        expected = "a whole number from -2147483648 to 2147483647";
      }
      break;
    case ColumnType::kBigInt:
      if (!AppendWhole<std::int64_t>(PlainNumber(field.text), out)) {
        expected = "a whole number of 64 bits";
      }
      break;
    case ColumnType::kDouble:
    case ColumnType::kFloat:
      if (!AppendDecimal(PlainNumber(field.text), out)) expected = "a number";
      break;
    case ColumnType::kBool:
      if (!AppendBool(PlainNumber(field.text), out)) expected = "true or false";
      break;
    default:
      AppendString(field.text, out);
  }
  if (expected == nullptr) return {};
  constexpr std::size_t kLongestShown = 100;
  return Mistake(dialect::Excerpt(field.text, kLongestShown), expected);
}

}  // namespace tql::shell

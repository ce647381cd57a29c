#include "mockserver/values/number_text.h"

#include <charconv>
#include <cmath>

#include "proto/base/text.h"

namespace tql::values {
namespace {

constexpr char kDigitPairs[] =
    "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
    "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
    "8081828384858687888990919293949596979899";

char* PutUnsigned(std::uint64_t value, char* out) {
  char digits[20];
  char* p = digits + sizeof(digits);
  while (value >= 100) {
    const std::uint64_t pair = value % 100 * 2;
    value /= 100;
    *--p = kDigitPairs[pair + 1];
    *--p = kDigitPairs[pair];
  }
  if (value >= 10) {
    *--p = kDigitPairs[value * 2 + 1];
    *--p = kDigitPairs[value * 2];
  } else {
    *--p = static_cast<char>('0' + value);
  }
  while (p != digits + sizeof(digits)) *out++ = *p++;
  return out;
}

/// Formats values with up to two decimals, as most amounts have. i / 100 is the double nearest to
/// that decimal, and no shorter text of at most 15 digits denotes the same double. Returns the end
/// of the text, or nullptr for other values.
char* PutHundredths(double value, char* out) {
  constexpr double kLimit = 1e13;
  if (!(value > -kLimit && value < kLimit)) return nullptr;
  const double scaled = value * 100.0;
  const auto hundredths = static_cast<std::int64_t>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  if (static_cast<double>(hundredths) / 100.0 != value) return nullptr;
  if (hundredths == 0 && std::signbit(value)) return nullptr;
  std::uint64_t rest = static_cast<std::uint64_t>(hundredths);
  if (hundredths < 0) {
    *out++ = '-';
    rest = 0 - rest;
  }
  out = PutUnsigned(rest / 100, out);
  const std::uint64_t fraction = rest % 100;
  if (fraction == 0) return out;
  *out++ = '.';
  *out++ = kDigitPairs[fraction * 2];
  if (fraction % 10 != 0) *out++ = kDigitPairs[fraction * 2 + 1];
  return out;
}

template <typename Real>
std::size_t FormatShortest(Real value, char* out) {
  char* const end = out + kMaxNumberText;
  const Real size = std::fabs(value);
  const bool fixed = size == 0 || (size >= Real(1e-5) && size < Real(1e15));
  const auto result = std::isfinite(value) ? std::to_chars(out, end, value,
                                                           fixed ? std::chars_format::fixed
                                                                 : std::chars_format::scientific)
                                           : std::to_chars(out, end, value);
  return static_cast<std::size_t>(result.ptr - out);
}

template <typename T>
std::optional<T> ParseNumber(std::string_view text) {
  text = base::Trim(text, " \t\r\n");
  if (!text.empty() && text[0] == '+') {
    text.remove_prefix(1);
    if (!text.empty() && text[0] == '-') return std::nullopt;
  }
  T value{};
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::size_t FormatInteger(std::int64_t value, char* out) {
  char* p = out;
  auto rest = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *p++ = '-';
    rest = 0 - rest;
  }
  return static_cast<std::size_t>(PutUnsigned(rest, p) - out);
}

std::size_t FormatDouble(double value, char* out) {
  if (char* end = PutHundredths(value, out)) return static_cast<std::size_t>(end - out);
  return FormatShortest(value, out);
}

std::size_t FormatFloat(float value, char* out) { return FormatShortest(value, out); }

std::optional<std::int64_t> ParseInteger(std::string_view text) {
  return ParseNumber<std::int64_t>(text);
}

std::optional<double> ParseDouble(std::string_view text) {
  const std::optional<double> value = ParseNumber<double>(text);
  return value && std::isfinite(*value) ? value : std::nullopt;
}

std::optional<double> ParseReal(std::string_view text) {
  const std::optional<double> value = ParseNumber<double>(text);
  return value && !std::isnan(*value) ? value : std::nullopt;
}

bool FitsFloat(double value) {
  constexpr double kHalfway = 0x1.ffffffp127;  // Between the largest float and the next step.
  return std::fabs(value) < kHalfway;
}

std::optional<std::int64_t> RoundToInteger(double value) {
  const double rounded = std::round(value);
  // 2^63 itself does not fit; -2^63 does.
  if (!(rounded >= -9223372036854775808.0 && rounded < 9223372036854775808.0)) return std::nullopt;
  return static_cast<std::int64_t>(rounded);
}

}  // namespace tql::values

// Numbers as text.
#ifndef TQLKIT_MOCKSERVER_PLAN_NUMBER_TEXT_H_
#define TQLKIT_MOCKSERVER_PLAN_NUMBER_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tql::plan {

/// Room enough for any number below.
inline constexpr std::size_t kMaxNumberText = 32;

/// Each writes into `out`, which has room for kMaxNumberText characters, and returns the length.
/// A real is the shortest text that reads back as the same value: without an exponent from 1e-5 to
/// below 1e15, without a fraction when it has none ("13"); else "1e+20", "inf", "-inf", "nan".
std::size_t FormatInteger(std::int64_t value, char* out);
std::size_t FormatDouble(double value, char* out);
std::size_t FormatFloat(float value, char* out);

/// Without the blanks at its ends.
std::string_view Trimmed(std::string_view text);

/// The number that `text` is as a whole, blanks at its ends aside. Nothing when it is not a number
/// or does not fit. A real is finite.
std::optional<std::int64_t> ParseInteger(std::string_view text);
std::optional<double> ParseDouble(std::string_view text);
/// As ParseDouble, or the inf and infinity that a text may be for, in any case and with a sign.
std::optional<double> ParseReal(std::string_view text);

/// Whether the nearest FLOAT is finite. The largest one is printed as 3.4028235e+38, which is a
/// little more than it is.
bool FitsFloat(double value);

/// The nearest integer, halves away from zero; nothing when it does not fit.
std::optional<std::int64_t> RoundToInteger(double value);

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_NUMBER_TEXT_H_

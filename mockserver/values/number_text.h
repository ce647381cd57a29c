// Conversion between numbers and text.
#ifndef TQLKIT_MOCKSERVER_VALUES_NUMBER_TEXT_H_
#define TQLKIT_MOCKSERVER_VALUES_NUMBER_TEXT_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace tql::values {

/// The size of a buffer for any of the numbers below.
inline constexpr std::size_t kMaxNumberText = 32;

/// Each writes at most kMaxNumberText characters to `out` and returns the length. A real is written
/// as the shortest text that reads back as the same value: without an exponent from 1e-5 to below
/// 1e15, without a fraction if it is whole ("13"); otherwise "1e+20", "inf", "-inf", "nan".
std::size_t FormatInteger(std::int64_t value, char* out);
std::size_t FormatDouble(double value, char* out);
std::size_t FormatFloat(float value, char* out);

/// Parse a text that is a number as a whole, ignoring whitespace at its ends. Return nullopt if it
/// is not a number or out of range. ParseDouble() accepts finite values only.
std::optional<std::int64_t> ParseInteger(std::string_view text);
std::optional<double> ParseDouble(std::string_view text);
/// As ParseDouble(), but also accepts inf and infinity, in any case and with a sign.
std::optional<double> ParseReal(std::string_view text);

/// Whether the nearest FLOAT is finite. The text of the largest FLOAT, 3.4028235e+38, is a little
/// more than its value.
bool FitsFloat(double value);

/// Rounds to the nearest integer, halves away from zero; nullopt if it does not fit.
std::optional<std::int64_t> RoundToInteger(double value);

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_NUMBER_TEXT_H_

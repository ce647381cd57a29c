/// \file
/// Conversion of the text of a cell to a C++ value.
#ifndef TQL_CELL_H_
#define TQL_CELL_H_

#include "tql/cxx20.h"

#include <charconv>
#include <chrono>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <type_traits>

#include "tql/status.h"

namespace tql {

/// One cell of a row: its text as the service printed it, and whether it is NULL.
struct Cell {
  std::string_view text;
  bool is_null = false;
};

/// Converts cells to T. Specialise it for types of your own, with two members:
///
/// - `kName`: the name of the type in error messages, with its article
/// - `Convert`: sets `value` and returns true, or returns false if `text` is not a T. It is never
///   called for NULL.
template <typename T>
struct CellTraits;

/// The text without conversion. Valid as long as its row.
template <>
struct CellTraits<std::string_view> {
  static constexpr std::string_view kName = "text";
  static bool Convert(std::string_view text, std::string_view& value) {
    value = text;
    return true;
  }
};

/// The text without conversion.
template <>
struct CellTraits<std::string> {
  static constexpr std::string_view kName = "text";
  static bool Convert(std::string_view text, std::string& value) {
    value.assign(text);
    return true;
  }
};

/// `true` or `false` in upper or lower case, or 1 or 0.
template <>
struct CellTraits<bool> {
  static constexpr std::string_view kName = "a boolean";
  static bool Convert(std::string_view text, bool& value);
};

/// Decimal digits, with a minus sign if T is signed, within the range of T.
template <typename T>
requires(std::integral<T> && !std::same_as<T, bool>) struct CellTraits<T> {
  static constexpr std::string_view kName = sizeof(T) == 8   ? "a 64-bit integer"
                                            : sizeof(T) == 4 ? "a 32-bit integer"
                                            : sizeof(T) == 2 ? "a 16-bit integer"
                                                             : "an 8-bit integer";
  static bool Convert(std::string_view text, T& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  }
};

/// A decimal number with an optional exponent; also inf and nan.
template <std::floating_point T>
struct CellTraits<T> {
  static constexpr std::string_view kName = "a number";
  static bool Convert(std::string_view text, T& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  }
};

/// A DATE in the default date_format: 2024-02-29.
template <>
struct CellTraits<std::chrono::year_month_day> {
  static constexpr std::string_view kName = "a date (YYYY-MM-DD)";
  static bool Convert(std::string_view text, std::chrono::year_month_day& value);
};

/// A DATETIME in the default date_time_format: 2024-02-29 23:59:59. TQL has no time zones; the time
/// is taken as UTC. A date without a time means midnight.
template <>
struct CellTraits<std::chrono::sys_seconds> {
  static constexpr std::string_view kName = "a date and time (YYYY-MM-DD HH:MM:SS)";
  static bool Convert(std::string_view text, std::chrono::sys_seconds& value);
};

/// A TIME in the default time_format, 23:59:59, as seconds since midnight.
template <>
struct CellTraits<std::chrono::seconds> {
  static constexpr std::string_view kName = "a time of day (HH:MM:SS)";
  static bool Convert(std::string_view text, std::chrono::seconds& value);
};

namespace internal {

template <typename T>
struct IsOptional : std::false_type {};
template <typename T>
struct IsOptional<std::optional<T>> : std::true_type {};

Status NullCellError(std::string_view wanted);
Status CellError(std::string_view text, std::string_view wanted);

}  // namespace internal

/// Converts a cell to T. FAILED_PRECONDITION if the cell is NULL and T is not a std::optional;
/// INVALID_ARGUMENT if its text is not a T. A std::string_view is valid as long as the row.
///
/// Thread safety: may be called from any thread.
template <typename T>
Status Convert(const Cell& cell, T& value) {
  if constexpr (internal::IsOptional<T>::value) {
    if (cell.is_null) {
      value.reset();
      return Status();
    }
    return Convert(cell, value.emplace());
  } else {
    if (cell.is_null) return internal::NullCellError(CellTraits<T>::kName);
    if (!CellTraits<T>::Convert(cell.text, value)) {
      return internal::CellError(cell.text, CellTraits<T>::kName);
    }
    return Status();
  }
}

}  // namespace tql

#endif  // TQL_CELL_H_

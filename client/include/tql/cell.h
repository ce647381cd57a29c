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

/// One cell of a row: a view, valid as long as the row.
///
/// Thread safety: a value type; several threads may read one object.
struct Cell {
  std::string_view text;  ///< As the service printed it. Not used for NULL.
  bool is_null = false;   ///< Whether the cell is NULL.
};

/// Converts cells to T, for Row::get, Row::as and QueryResult::rows. Specialise it for types of
/// your own, in the namespace tql, with two static members:
///
/// - `kName`: the name of the type in error messages, with its article
/// - `Convert`: sets `value` and returns true, or returns false if `text` is not a T. It is never
///   called for NULL: read columns with NULLs as std::optional<T>.
///
/// ```cpp
/// template <>
/// struct tql::CellTraits<Money> {
///   static constexpr std::string_view kName = "an amount";
///   static bool Convert(std::string_view text, Money& value) {
///     double amount = 0;
///     if (!CellTraits<double>::Convert(text, amount)) return false;
///     value.cents = std::llround(amount * 100);
///     return true;
///   }
/// };
/// ```
///
/// A type without a specialisation does not compile. Thread safety: Convert may be called from any
/// thread.
template <typename T>
struct CellTraits;

/// The text without conversion, for a cell of any type. A view, valid as long as its row: for the
/// rows of a result that is being read, until the next row is read.
template <>
struct CellTraits<std::string_view> {
  static constexpr std::string_view kName = "text";
  static bool Convert(std::string_view text, std::string_view& value) {
    value = text;
    return true;
  }
};

/// A copy of the text without conversion, for a cell of any type.
template <>
struct CellTraits<std::string> {
  static constexpr std::string_view kName = "text";
  static bool Convert(std::string_view text, std::string& value) {
    value.assign(text);
    return true;
  }
};

/// A BOOL: `true` or `false` in upper or lower case, or `1` or `0`.
template <>
struct CellTraits<bool> {
  static constexpr std::string_view kName = "a boolean";
  static bool Convert(std::string_view text, bool& value);
};

/// An INT or BIGINT: decimal digits, with a minus sign if T is signed. A value outside the range of
/// T is an error, never truncated; so are a fraction, a plus sign and blanks.
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

/// A FLOAT or DOUBLE: a decimal number with an optional exponent; also `inf` and `nan`. Independent
/// of the locale. The service prints as many digits as are needed to read back the same value.
template <std::floating_point T>
struct CellTraits<T> {
  static constexpr std::string_view kName = "a number";
  static bool Convert(std::string_view text, T& value) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
  }
};

/// A DATE in the default date_format: 2024-02-29. A day that does not exist is an error. For
/// another date_format, read the text.
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

/// A TIME in the default time_format, 23:59:59, as seconds since midnight, from 0 to 86,399.
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

/// Converts a cell to T: a type with CellTraits, or std::optional of one, which is empty for NULL.
/// Row::get does the same and adds the column to the error. A std::string_view is valid as long as
/// the row.
///
/// Errors: FAILED_PRECONDITION if the cell is NULL and T is not a std::optional; INVALID_ARGUMENT
/// if its text is not a T. The message has the text, shortened, and CellTraits::kName. `value` is
/// then unspecified.
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

// Points in time as numbers: seconds since 1970-01-01 00:00:00 in the proleptic Gregorian calendar,
// without time zones. A date is midnight of its day; a time of day is a time on 1970-01-01.
#ifndef TQLKIT_MOCKSERVER_VALUES_CIVIL_TIME_H_
#define TQLKIT_MOCKSERVER_VALUES_CIVIL_TIME_H_

#include <cstdint>
#include <optional>

namespace tql::values {

inline constexpr std::int64_t kSecondsPerDay = 86400;
/// The range of DATE and DATETIME: the years 1 to 9999.
inline constexpr std::int64_t kMinDateTime = -62135596800;  // 0001-01-01 00:00:00
inline constexpr std::int64_t kMaxDateTime = 253402300799;  // 9999-12-31 23:59:59

/// The midnight at or before `seconds`.
constexpr std::int64_t DateOf(std::int64_t seconds) {
  const std::int64_t rest = seconds % kSecondsPerDay;
  return seconds - (rest < 0 ? rest + kSecondsPerDay : rest);
}
/// The time of day, 0 to 86399.
constexpr std::int64_t TimeOf(std::int64_t seconds) { return seconds - DateOf(seconds); }

/// The day of the week; Sunday is 0.
constexpr std::int32_t WeekdayOf(std::int64_t seconds) {
  const std::int64_t days = DateOf(seconds) / kSecondsPerDay;
  return static_cast<std::int32_t>(((days + 4) % 7 + 7) % 7);  // 1970-01-01 was a Thursday.
}
constexpr std::int32_t DaysInYear(std::int32_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365;
}

struct CivilTime {
  std::int32_t year = 1970;
  std::uint32_t month = 1;  // 1 to 12
  std::uint32_t day = 1;    // 1 to 31
  std::uint32_t hour = 0;
  std::uint32_t minute = 0;
  std::uint32_t second = 0;
};
/// Clamps `seconds` to the range kMinDateTime to kMaxDateTime.
CivilTime ToCivil(std::int64_t seconds);
/// Returns nullopt if a field is out of range or the day does not exist.
std::optional<std::int64_t> FromCivil(const CivilTime& civil);
/// The day of the year, 1 to 366; `seconds` must be in `year`.
std::int32_t DayOfYear(std::int64_t seconds, std::int32_t year);

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_CIVIL_TIME_H_

// The fields of a date and time as read from a text, and the moment that they denote.
#ifndef TQLKIT_MOCKSERVER_VALUES_TEMPORAL_FIELDS_H_
#define TQLKIT_MOCKSERVER_VALUES_TEMPORAL_FIELDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mockserver/values/type.h"

namespace tql::values {

/// The meaning of one number or name in a text.
enum class TemporalField : std::uint8_t {
  kYear,
  kYearOfCentury,  // %y of strptime: 69 to 99 are 19xx, 0 to 68 are 20xx
  kReducedYear,    // yy of Java: 2000 to 2099
  kCentury,
  kMonth,
  kDay,
  kDayOfYear,
  kWeekday,         // Sunday is 0
  kIsoWeekday,      // Monday is 1, Sunday is 7
  kWeekFromSunday,  // Week of the year; the days before the first Sunday are in week 0.
  kWeekFromMonday,
  kIsoYear,  // The year of the ISO week and its last two digits: read but ignored.
  kIsoYearOfCentury,
  kIsoWeek,
  kHour,       // 0 to 23
  kClockHour,  // 1 to 24, where 24 is midnight
  kHour12,     // 1 to 12, where 12 is the first hour
  kHour11,     // 0 to 11
  kHalf,       // 0: AM, 1: PM.
  kMinute,
  kSecond,
  kFraction,  // Of a second: read but ignored.
  kOffset,    // Seconds east of UTC.
  kEpoch,     // Seconds since 1970.
  kFieldCount,
};
bool IsDateField(TemporalField field);
bool IsTimeField(TemporalField field);

/// A date and time as written, before the offset is applied.
struct WrittenMoment {
  std::int64_t date = 0;    // Its midnight in seconds.
  std::int64_t clock = 0;   // Seconds since midnight; a day or more for 24:00:00 and leap seconds.
  std::int64_t offset = 0;  // Seconds east of UTC.
  bool has_date = false;
  bool has_time = false;
};

/// The result of reading a text: a value, or why the text cannot be read.
struct TemporalReading {
  std::optional<std::int64_t> value = std::nullopt;
  /// The text has the right format but an invalid value. No other format may be tried.
  bool bad_value = false;
  std::string_view problem = {};  // A static text.

  static TemporalReading NoMatch(std::string_view problem) { return {.problem = problem}; }
  static TemporalReading BadValue(std::string_view problem) {
    return {.bad_value = true, .problem = problem};
  }
};

/// Converts a moment to type `kind` (mockserver/README.md, "Dates and times"): a DATETIME is
/// converted to UTC by the offset, and 24:00:00 is the next midnight; a DATE and a TIME are taken
/// as written.
TemporalReading FitMoment(TypeKind kind, const WrittenMoment& moment);

/// Collects the fields of one text.
class TemporalFields {
 public:
  /// How fields combine: in strptime the last of several values applies and weekday names are not
  /// checked; in Java all fields must agree.
  enum class Rules : std::uint8_t { kStrptime, kJava };

  explicit TemporalFields(Rules rules) : rules_(rules) {}

  /// Returns false if the field contradicts one set before.
  bool Set(TemporalField field, std::int32_t value);
  /// Sets all fields of a date and a time.
  void SetEpoch(std::int64_t seconds);
  /// Records that the value of a field is out of range. The first one is reported.
  void Refuse(TemporalField field);

  /// Fields not set default to 1970-01-01 00:00:00. On failure, returns the reason in `problem`.
  std::optional<WrittenMoment> Resolve(std::string_view* problem) const;

 private:
  bool Has(TemporalField field) const { return (set_ >> static_cast<unsigned>(field) & 1) != 0; }
  std::int32_t Get(TemporalField field, std::int32_t otherwise = 0) const {
    return Has(field) ? values_[static_cast<std::size_t>(field)] : otherwise;
  }
  void Put(TemporalField field, std::int32_t value) {
    set_ |= 1U << static_cast<unsigned>(field);
    values_[static_cast<std::size_t>(field)] = value;
  }
  void Forget(TemporalField field) { set_ &= ~(1U << static_cast<unsigned>(field)); }
  bool Agree(TemporalField field, std::int32_t value);

  std::int32_t Year() const;
  /// The day of the year, from 1, as given directly or by week and weekday.
  std::optional<std::int32_t> DayOfYear(std::int32_t year) const;
  std::optional<std::int64_t> Date(std::string_view* problem) const;
  std::optional<std::int64_t> Clock(std::string_view* problem) const;

  Rules rules_;
  std::uint32_t set_ = 0;
  std::string_view out_of_range_;
  std::array<std::int32_t, static_cast<std::size_t>(TemporalField::kFieldCount)> values_;
};

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_TEMPORAL_FIELDS_H_

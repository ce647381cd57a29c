// The fields of a date and a time as a text gives them, and the moment that they make.
#ifndef TQLKIT_MOCKSERVER_PLAN_TEMPORAL_FIELDS_H_
#define TQLKIT_MOCKSERVER_PLAN_TEMPORAL_FIELDS_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mockserver/plan/type.h"

namespace tql::plan {

/// What one number or name of a text means.
enum class TemporalField : std::uint8_t {
  kYear,
  kYearOfCentury,  // strptime's %y: 69 to 99 are 19xx, 0 to 68 are 20xx
  kReducedYear,    // Java's yy: 2000 to 2099
  kCentury,
  kMonth,
  kDay,
  kDayOfYear,
  kWeekday,         // Sunday is 0
  kIsoWeekday,      // Monday is 1, Sunday is 7
  kWeekFromSunday,  // week of the year; days before its first Sunday are in week 0
  kWeekFromMonday,
  kIsoYear,  // the year of the ISO week and its two last digits: read, without an effect
  kIsoYearOfCentury,
  kIsoWeek,
  kHour,       // 0 to 23
  kClockHour,  // 1 to 24, where 24 is midnight
  kHour12,     // 1 to 12, where 12 is the first hour
  kHour11,     // 0 to 11
  kHalf,       // 0: AM, 1: PM
  kMinute,
  kSecond,
  kFraction,  // of a second; read, without an effect
  kOffset,    // seconds east of UTC
  kEpoch,     // seconds since 1970
  kFieldCount,
};
bool IsDateField(TemporalField field);
bool IsTimeField(TemporalField field);

/// A date and a time as written: not yet moved by their offset.
struct WrittenMoment {
  std::int64_t date = 0;    // seconds of its midnight
  std::int64_t clock = 0;   // seconds since midnight; 24:00:00 and leap seconds lie beyond the day
  std::int64_t offset = 0;  // seconds east of UTC
  bool has_date = false;
  bool has_time = false;
};

/// The result of reading a text: a value, or the reason why it has none.
struct TemporalReading {
  std::optional<std::int64_t> value = std::nullopt;
  /// The text has the form, but a field of it has no such value. No other form may read it.
  bool bad_value = false;
  std::string_view problem = {};  // a static text

  static TemporalReading NoMatch(std::string_view problem) { return {.problem = problem}; }
  static TemporalReading BadValue(std::string_view problem) {
    return {.bad_value = true, .problem = problem};
  }
};

/// The value of type `kind` of a moment (README, "Dates and times"): a DATETIME is moved to UTC by
/// the offset, 24:00:00 is the next midnight; a DATE and a TIME are taken as written.
TemporalReading FitMoment(TypeKind kind, const WrittenMoment& moment);

/// Collects the fields of one text.
class TemporalFields {
 public:
  /// How fields are put together: strptime lets the last of several count and does not check the
  /// name of the weekday; Java lets all of them agree.
  enum class Rules : std::uint8_t { kStrptime, kJava };

  explicit TemporalFields(Rules rules) : rules_(rules) {}

  /// False when the field contradicts what was set before.
  bool Set(TemporalField field, std::int32_t value);
  /// Sets all fields of a date and a time.
  void SetEpoch(std::int64_t seconds);
  /// Remembers that the value of a field is out of its range; the first one counts.
  void Refuse(TemporalField field);

  /// What is not set is 1970, January, the first, 00:00:00. Else the reason in `problem`.
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
  /// The day of the year that the number or the name of a week's day gives, counted from 1.
  std::optional<std::int32_t> DayOfYear(std::int32_t year) const;
  std::optional<std::int64_t> Date(std::string_view* problem) const;
  std::optional<std::int64_t> Clock(std::string_view* problem) const;

  Rules rules_;
  std::uint32_t set_ = 0;
  std::string_view out_of_range_;
  std::array<std::int32_t, static_cast<std::size_t>(TemporalField::kFieldCount)> values_;
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_TEMPORAL_FIELDS_H_

#include "mockserver/values/temporal_fields.h"

#include "mockserver/values/civil_time.h"

namespace tql::values {
namespace {

using F = TemporalField;

constexpr std::string_view kNoSuchDay = "the day does not exist in its month";
constexpr std::string_view kNoSuchDayOfYear = "the day does not exist in its year";

std::string_view OutOfRange(F field) {
  switch (field) {
    case F::kMonth:
      return "the month is out of range";
    case F::kDay:
      return "the day is out of range";
    case F::kDayOfYear:
      return "the day of the year is out of range";
    case F::kHour:
    case F::kClockHour:
    case F::kHour12:
    case F::kHour11:
      return "the hour is out of range";
    case F::kMinute:
      return "the minute is out of range";
    case F::kSecond:
      return "the second is out of range";
    case F::kWeekday:
    case F::kIsoWeekday:
      return "the day of the week is out of range";
    case F::kOffset:
      return "the offset from UTC is out of range";
    case F::kEpoch:
    case F::kYear:
      return "the year is not between 1 and 9999";
    default:
      return "a number is out of range";
  }
}

}  // namespace

bool IsDateField(F field) {
  return field == F::kEpoch || (field <= F::kDayOfYear) || field == F::kWeekFromSunday ||
         field == F::kWeekFromMonday;
}

bool IsTimeField(F field) {
  return field == F::kEpoch || (field >= F::kHour && field <= F::kSecond && field != F::kHalf);
}

TemporalReading FitMoment(TypeKind kind, const WrittenMoment& moment) {
  if (kind == TypeKind::kTime) {
    if (!moment.has_time) return TemporalReading::NoMatch("a time of day is missing");
    if (moment.clock >= kSecondsPerDay) {
      return TemporalReading::BadValue("a time lies between 00:00:00 and 23:59:59");
    }
    return {.value = moment.clock};
  }
  if (!moment.has_date) return TemporalReading::NoMatch("a date is missing");
  if (kind == TypeKind::kDate) return {.value = moment.date};
  const std::int64_t seconds = moment.date + moment.clock - moment.offset;
  if (seconds < kMinDateTime || seconds > kMaxDateTime) {
    return TemporalReading::BadValue(OutOfRange(F::kYear));
  }
  return {.value = seconds};
}

bool TemporalFields::Agree(F field, std::int32_t value) {
  if (rules_ == Rules::kJava && Has(field) && Get(field) != value) return false;
  Put(field, value);
  return true;
}

bool TemporalFields::Set(F field, std::int32_t value) {
  switch (field) {
    case F::kReducedYear:
      return Agree(F::kYear, 2000 + value);
    // The last of %Y and %y applies.
    case F::kYear:
      Forget(F::kYearOfCentury);
      return Agree(field, value);
    case F::kYearOfCentury:
      Forget(F::kYear);
      Put(field, value);
      return true;
    case F::kIsoWeekday:
      return Agree(F::kWeekday, value % 7);
    // In strptime, the last of %H and %I applies; in Java, both must agree.
    case F::kHour:
    case F::kClockHour:
      if (rules_ == Rules::kStrptime) Forget(F::kHour11);
      return Agree(F::kHour, value % 24);
    case F::kHour11:
    case F::kHour12:
      if (rules_ == Rules::kStrptime) Forget(F::kHour);
      return Agree(F::kHour11, value % 12);
    case F::kWeekFromSunday:
    case F::kWeekFromMonday:
      // strptime keeps one week number. Once %U is read, weeks begin on Sunday, even if %W follows.
      Put(F::kWeekFromMonday, value);
      if (field == F::kWeekFromSunday || Has(F::kWeekFromSunday)) Put(F::kWeekFromSunday, value);
      return true;
    case F::kIsoYear:
    case F::kIsoYearOfCentury:
    case F::kIsoWeek:
    case F::kFraction:
      return true;
    default:
      return Agree(field, value);
  }
}

void TemporalFields::SetEpoch(std::int64_t seconds) {
  if (seconds < kMinDateTime || seconds > kMaxDateTime) return Refuse(F::kEpoch);
  const CivilTime c = ToCivil(seconds);
  Set(F::kYear, c.year);
  Set(F::kMonth, static_cast<std::int32_t>(c.month));
  Set(F::kDay, static_cast<std::int32_t>(c.day));
  Set(F::kHour, static_cast<std::int32_t>(c.hour));
  Set(F::kMinute, static_cast<std::int32_t>(c.minute));
  Set(F::kSecond, static_cast<std::int32_t>(c.second));
}

void TemporalFields::Refuse(F field) {
  if (out_of_range_.empty()) out_of_range_ = OutOfRange(field);
}

std::int32_t TemporalFields::Year() const {
  const std::int32_t short_year = Get(F::kYearOfCentury);
  // %C replaces the century that %y implies. Without %y, it denotes the first year of the century.
  if (Has(F::kCentury)) return Get(F::kCentury) * 100 + short_year;
  if (Has(F::kYearOfCentury)) return short_year + (short_year < 69 ? 2000 : 1900);
  return Get(F::kYear, 1970);
}

std::optional<std::int32_t> TemporalFields::DayOfYear(std::int32_t year) const {
  if (Has(F::kDayOfYear)) return Get(F::kDayOfYear);
  if (!Has(F::kWeekFromMonday) || !Has(F::kWeekday)) return std::nullopt;
  // `first` is the weekday on which weeks start; week 1 begins with the first such day of the year.
  const std::int32_t first = Has(F::kWeekFromSunday) ? 0 : 1;
  const std::int32_t january = WeekdayOf(*FromCivil({.year = year}));
  return (7 - january + first) % 7 + (Get(F::kWeekFromMonday) - 1) * 7 +
         (Get(F::kWeekday) - first + 7) % 7 + 1;
}

std::optional<std::int64_t> TemporalFields::Date(std::string_view* problem) const {
  const std::int32_t year = Year();
  if (year < 1 || year > 9999) {
    *problem = OutOfRange(F::kYear);
    return std::nullopt;
  }
  std::int32_t month = Get(F::kMonth, 1);
  std::int32_t day = Get(F::kDay, 1);
  const bool complete = Has(F::kMonth) && Has(F::kDay);
  std::optional<std::int32_t> day_of_year;
  if (!complete) day_of_year = DayOfYear(year);
  // Month and day take precedence over the day of the year.
  if (day_of_year) {
    if (*day_of_year < 1 || *day_of_year > DaysInYear(year)) {
      *problem = kNoSuchDayOfYear;
      return std::nullopt;
    }
    const CivilTime c = ToCivil(*FromCivil({.year = year}) + (*day_of_year - 1) * kSecondsPerDay);
    if (!Has(F::kMonth)) month = static_cast<std::int32_t>(c.month);
    if (!Has(F::kDay)) day = static_cast<std::int32_t>(c.day);
  }
  const std::optional<std::int64_t> date = FromCivil({.year = year,
                                                      .month = static_cast<std::uint32_t>(month),
                                                      .day = static_cast<std::uint32_t>(day)});
  if (!date) {
    *problem = kNoSuchDay;
    return std::nullopt;
  }
  if (rules_ == Rules::kStrptime) return date;
  // Java checks all other fields against the date.
  const bool any = Has(F::kYear) || Has(F::kMonth) || Has(F::kDay) || Has(F::kDayOfYear);
  if (Has(F::kDayOfYear) && Get(F::kDayOfYear) != tql::values::DayOfYear(*date, year)) {
    *problem = "the day of the year does not match the date";
    return std::nullopt;
  }
  if (any && Has(F::kWeekday) && Get(F::kWeekday) != WeekdayOf(*date)) {
    *problem = "the day of the week does not match the date";
    return std::nullopt;
  }
  return date;
}

std::optional<std::int64_t> TemporalFields::Clock(std::string_view* problem) const {
  std::int32_t hour = Get(F::kHour);
  if (!Has(F::kHour) && Has(F::kHour11)) hour = Get(F::kHour11) + (Get(F::kHalf) == 1 ? 12 : 0);
  if (rules_ == Rules::kJava && ((Has(F::kHour11) && Get(F::kHour11) != hour % 12) ||
                                 (Has(F::kHalf) && Get(F::kHalf) != hour / 12))) {
    *problem = "the hours do not match";
    return std::nullopt;
  }
  return hour * 3600 + Get(F::kMinute) * 60 + Get(F::kSecond);
}

std::optional<WrittenMoment> TemporalFields::Resolve(std::string_view* problem) const {
  if (!out_of_range_.empty()) {
    *problem = out_of_range_;
    return std::nullopt;
  }
  const std::optional<std::int64_t> date = Date(problem);
  if (!date) return std::nullopt;
  const std::optional<std::int64_t> clock = Clock(problem);
  if (!clock) return std::nullopt;
  return WrittenMoment{.date = *date, .clock = *clock, .offset = Get(F::kOffset)};
}

}  // namespace tql::values

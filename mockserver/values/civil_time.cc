#include "mockserver/values/civil_time.h"

#include <algorithm>
#include <chrono>

namespace tql::values {

CivilTime ToCivil(std::int64_t seconds) {
  seconds = std::clamp(seconds, kMinDateTime, kMaxDateTime);
  const std::int64_t day = DateOf(seconds);
  const auto clock = static_cast<std::uint32_t>(seconds - day);
  const std::chrono::year_month_day date(
      std::chrono::sys_days(std::chrono::days(day / kSecondsPerDay)));
  return {.year = static_cast<int>(date.year()),
          .month = static_cast<unsigned>(date.month()),
          .day = static_cast<unsigned>(date.day()),
          .hour = clock / 3600,
          .minute = clock / 60 % 60,
          .second = clock % 60};
}

std::optional<std::int64_t> FromCivil(const CivilTime& c) {
  const std::chrono::year_month_day date(std::chrono::year(c.year), std::chrono::month(c.month),
                                         std::chrono::day(c.day));
  if (c.year < 1 || c.year > 9999 || !date.ok() || c.hour > 23 || c.minute > 59 || c.second > 59) {
    return std::nullopt;
  }
  return std::int64_t{std::chrono::sys_days(date).time_since_epoch().count()} * kSecondsPerDay +
         c.hour * 3600 + c.minute * 60 + c.second;
}

std::int32_t DayOfYear(std::int64_t seconds, std::int32_t year) {
  const std::int64_t days = (DateOf(seconds) - *FromCivil({.year = year})) / kSecondsPerDay;
  return static_cast<std::int32_t>(days) + 1;
}

}  // namespace tql::values

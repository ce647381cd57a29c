// The English names of months and weekdays, and AM and PM.
#ifndef TQLKIT_MOCKSERVER_VALUES_TEMPORAL_NAMES_H_
#define TQLKIT_MOCKSERVER_VALUES_TEMPORAL_NAMES_H_

#include <array>
#include <string_view>

namespace tql::values {

inline constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};
inline constexpr std::array<std::string_view, 7> kWeekdayNames = {
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"};
inline constexpr std::array<std::string_view, 2> kHalfNames = {"AM", "PM"};

/// The length of a short name.
inline constexpr std::size_t kShortName = 3;

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_TEMPORAL_NAMES_H_

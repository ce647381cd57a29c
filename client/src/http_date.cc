#include "client/src/http_date.h"

#include <charconv>
#include <cstddef>
#include <system_error>

namespace tql {

std::optional<std::int64_t> NaturalNumberOf(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

std::optional<std::chrono::sys_seconds> HttpDateOf(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(8, 3));
  const auto day = NaturalNumberOf(text.substr(5, 2));
  const auto year = NaturalNumberOf(text.substr(12, 4));
  const auto hour = NaturalNumberOf(text.substr(17, 2));
  const auto minute = NaturalNumberOf(text.substr(20, 2));
  const auto second = NaturalNumberOf(text.substr(23, 2));
  if (month % 3 != 0 || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace tql

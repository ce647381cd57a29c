#include "client/src/duration.h"

#include <charconv>
#include <cstdint>
#include <string>
#include <system_error>

namespace tql {

StatusOr<std::chrono::milliseconds> ParseDuration(std::string_view text) {
  constexpr std::int64_t kYear = std::int64_t{365} * 24 * 3600 * 1000;
  std::int64_t number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  const std::string_view unit(stop, static_cast<std::size_t>(end - stop));
  const std::int64_t scale = unit == "ms"                  ? 1
                             : unit == "s" || unit.empty() ? 1000
                             : unit == "m"                 ? 60'000
                             : unit == "h"                 ? 3'600'000
                                                           : 0;
  if (error != std::errc() || scale == 0 || number <= 0 || number > kYear / scale) {
    return InvalidArgumentError("invalid duration \"" + std::string(text) +
                                "\"; expected a number with ms, s, m or h, e.g. 30s");
  }
  return std::chrono::milliseconds(number * scale);
}

}  // namespace tql

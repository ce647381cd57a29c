// Times as people write them in URLs, profiles and the environment.
#ifndef TQLKIT_CLIENT_SRC_DURATION_H_
#define TQLKIT_CLIENT_SRC_DURATION_H_

#include <chrono>
#include <string_view>

#include "tql/status.h"

namespace tql {

/// Longer times count as this one: far enough, and no clock overflows.
inline constexpr std::chrono::milliseconds kLongestTime = std::chrono::hours(24 * 365);

/// "500ms", "30s", "2m", "1h"; a mere number has seconds. More than zero and at most a year, else
/// INVALID_ARGUMENT.
StatusOr<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_DURATION_H_

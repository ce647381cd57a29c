// The syntax of durations in URLs, profiles and the environment.
#ifndef TQLKIT_CLIENT_SRC_DURATION_H_
#define TQLKIT_CLIENT_SRC_DURATION_H_

#include <chrono>
#include <string_view>

#include "tql/status.h"

namespace tql {

/// Longer timeouts are reduced to this, so that no computation of a deadline overflows.
inline constexpr std::chrono::milliseconds kLongestTime = std::chrono::hours(24 * 365);

/// Parses "500ms", "30s", "2m" or "1h"; a number without a unit is in seconds. INVALID_ARGUMENT if
/// it is not more than zero and at most a year.
StatusOr<std::chrono::milliseconds> ParseDuration(std::string_view text);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_DURATION_H_

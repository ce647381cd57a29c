// Tries again what may be tried again: a decorator of any transport.
#ifndef TQLKIT_CLIENT_SRC_RETRY_TRANSPORT_H_
#define TQLKIT_CLIENT_SRC_RETRY_TRANSPORT_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "tql/options.h"
#include "tql/transport.h"

namespace tql {

/// What retrying takes from the world, so that a test can make it deterministic.
struct RetryEnvironment {
  std::function<std::chrono::steady_clock::time_point()> now;
  /// Waits; returns early when the token is requested to stop.
  std::function<void(std::chrono::milliseconds, const std::stop_token&)> sleep;
  /// A number from 0 to below 1.
  std::function<double()> random;
};
RetryEnvironment SystemRetryEnvironment();

/// `transport` with the rules that RetryOptions describes.
std::shared_ptr<Transport> MakeRetryTransport(std::shared_ptr<Transport> transport,
                                              RetryOptions options, RetryEnvironment environment);

/// Whether running the text twice does what running it once does: one statement that is a SELECT
/// without INTO, a SHOW or a SCRIPT.
bool OnlyReads(std::string_view statement);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_RETRY_TRANSPORT_H_

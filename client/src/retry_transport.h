// A decorator that repeats failed calls, if this is safe.
#ifndef TQLKIT_CLIENT_SRC_RETRY_TRANSPORT_H_
#define TQLKIT_CLIENT_SRC_RETRY_TRANSPORT_H_

#include <chrono>
#include <functional>
#include <memory>
#include <string_view>

#include "tql/options.h"
#include "tql/transport.h"

namespace tql {

/// The clock, the pause and the random numbers of retries, so that tests can be deterministic.
struct RetryEnvironment {
  std::function<std::chrono::steady_clock::time_point()> now;
  /// Waits for the given time; returns early when the token requests a stop.
  std::function<void(std::chrono::milliseconds, const std::stop_token&)> sleep;
  /// Returns a random number, 0 <= x < 1.
  std::function<double()> random;
};
/// The steady clock, a real pause and real random numbers.
RetryEnvironment SystemRetryEnvironment();

/// Wraps `transport` with the rules that RetryOptions documents.
std::shared_ptr<Transport> MakeRetryTransport(std::shared_ptr<Transport> transport,
                                              RetryOptions options, RetryEnvironment environment);

/// Whether `statement` is a single statement that only reads: a SELECT without INTO, a SHOW or a
/// SCRIPT. Such a statement can be repeated.
bool OnlyReads(std::string_view statement);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_RETRY_TRANSPORT_H_

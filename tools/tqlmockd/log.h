// The log of tqlmockd, which is written to standard error.
#ifndef TQLKIT_TOOLS_TQLMOCKD_LOG_H_
#define TQLKIT_TOOLS_TQLMOCKD_LOG_H_

#include <chrono>
#include <functional>
#include <optional>

#include "tql/mock/server.h"

namespace tqlmockd {

struct LogOptions {
  /// The lowest level to log; nullopt disables logging.
  std::optional<tql::mock::LogLevel> level = tql::mock::LogLevel::kInfo;
  /// Logs one JSON object per line, {"time":…,"level":…,"message":…}, instead of text.
  bool json = false;
  /// The time of a line.
  std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
};

/// Returns an empty function if logging is disabled.
tql::mock::LogFunction MakeLog(const LogOptions& options);

/// Redirects protobuf's messages from standard error to the log, at debug level: they are about
/// invalid bytes from clients, which get an error as well. Call once, before other threads start.
void TakeProtobufLog(tql::mock::LogFunction log);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_LOG_H_

// The log of tqlmockd: lines on standard error.
#ifndef TQLKIT_TOOLS_TQLMOCKD_LOG_H_
#define TQLKIT_TOOLS_TQLMOCKD_LOG_H_

#include <optional>

#include "tql/mock/server.h"

namespace tqlmockd {

struct LogOptions {
  /// The least that is logged; nullopt: nothing.
  std::optional<tql::mock::LogLevel> level = tql::mock::LogLevel::kInfo;
  /// An object a line, {"time":…,"level":…,"message":…}, instead of text.
  bool json = false;
};

/// Empty when nothing is logged.
tql::mock::LogFunction MakeLog(const LogOptions& options);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_LOG_H_

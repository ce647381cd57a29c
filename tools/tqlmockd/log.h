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

/// Has protobuf log there, for the rest of the process, what it would write to standard error. It
/// is about the bytes of clients, who are told as well: for debugging. To be called once, before
/// any other thread starts.
void TakeProtobufLog(tql::mock::LogFunction log);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_LOG_H_

// Announces that the server is ready.
#ifndef TQLKIT_TOOLS_TQLMOCKD_READY_H_
#define TQLKIT_TOOLS_TQLMOCKD_READY_H_

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>

#include "tql/mock/server.h"
#include "tql/status.h"

namespace tqlmockd {

/// The start time of the process, derived from the processor time used so far. Call it first in
/// main(), when that is the time of loading the program.
std::chrono::steady_clock::time_point ProcessStart();

/// Returns {"event":"ready","https":"https://127.0.0.1:41233","http":"http://127.0.0.1:41234",
/// "grpc":"127.0.0.1:41235","pid":123,"ms":11} and a newline; `ms` counts from `started`. Disabled
/// ports are omitted.
std::string ReadyLine(const tql::mock::Server& server,
                      std::chrono::steady_clock::time_point started);

/// Returns INVALID_ARGUMENT if `path` exists and is not a regular file (a device, a pipe, a
/// directory), because WriteFileAtomically() would replace it.
tql::Status CheckReplaceable(const std::string& path);

/// Writes the text to a file descriptor that the program has inherited, and closes it.
tql::Status WriteToDescriptor(int fd, std::string_view text);

/// Writes a file atomically: readers see the complete text. A link at `path` is replaced, not
/// followed. `mode`: the file's permissions, e.g. 0600.
tql::Status WriteFileAtomically(const std::string& path, std::string_view text, mode_t mode);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_READY_H_

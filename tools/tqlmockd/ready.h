// Telling the world that the server answers.
#ifndef TQLKIT_TOOLS_TQLMOCKD_READY_H_
#define TQLKIT_TOOLS_TQLMOCKD_READY_H_

#include <chrono>
#include <string>
#include <string_view>

#include "tql/mock/server.h"
#include "tql/status.h"

namespace tqlmockd {

/// When the process began, by the processor time it has used: to be asked for first thing in main,
/// where what went before is the loading of the program.
std::chrono::steady_clock::time_point ProcessStart();

/// {"event":"ready","https":"https://127.0.0.1:41233","http":"http://127.0.0.1:41234",
/// "grpc":"127.0.0.1:41235","pid":123,"ms":11} and a newline; `ms` since `started`. A port that is
/// off is left out.
std::string ReadyLine(const tql::mock::Server& server,
                      std::chrono::steady_clock::time_point started);

/// INVALID_ARGUMENT for a path of something else than a regular file or nothing: a device, a pipe,
/// a directory. WriteFileAtomically would put a file in its place.
tql::Status CheckReplaceable(const std::string& path);

/// Writes a file in one step: whoever opens it finds all of the text.
tql::Status WriteFileAtomically(const std::string& path, std::string_view text);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_READY_H_

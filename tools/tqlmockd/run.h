// Runs the server from start to end.
#ifndef TQLKIT_TOOLS_TQLMOCKD_RUN_H_
#define TQLKIT_TOOLS_TQLMOCKD_RUN_H_

#include <chrono>

#include "tools/signals.h"
#include "tools/tqlmockd/flags.h"

namespace tqlmockd {

/// Serves until a signal arrives. Returns the exit status: 0 stopped by a signal; 1 invalid flags,
/// an unusable file or a failed script; 2 a port or the data file is in use.
int Run(Flags flags, const tql::tools::Signals& signals,
        std::chrono::steady_clock::time_point started);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_RUN_H_

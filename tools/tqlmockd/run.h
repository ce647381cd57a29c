// The life of the server: start, ready, end.
#ifndef TQLKIT_TOOLS_TQLMOCKD_RUN_H_
#define TQLKIT_TOOLS_TQLMOCKD_RUN_H_

#include <chrono>

#include "tools/tqlmockd/flags.h"
#include "tools/tqlmockd/signals.h"

namespace tqlmockd {

/// Serves until a signal. The exit status: 0 stopped as asked; 1 flags that make no sense, a file
/// that cannot be used, a script that failed; 2 a port or the data file is taken.
int Run(Flags flags, const Signals& signals, std::chrono::steady_clock::time_point started);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_RUN_H_

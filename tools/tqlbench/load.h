// Requests as fast as a server answers them, over a number of keep-alive connections.
#ifndef TOOLS_TQLBENCH_LOAD_H_
#define TOOLS_TQLBENCH_LOAD_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "tql/status.h"

namespace tqlbench {

struct LoadResult {
  std::uint64_t requests = 0;
  double seconds = 0;
  double p50_us = 0;
  double p99_us = 0;
  double PerSecond() const { return static_cast<double>(requests) / seconds; }
};

/// Each of `connections` sends a request, waits for the whole answer and sends the next, for the
/// time given, all of them from one thread. `requests` are complete HTTP requests and are taken in
/// turn. An answer with another status than 200, or no answer at all, is an error.
tql::StatusOr<LoadResult> RunLoad(std::uint16_t port, const std::vector<std::string>& requests,
                                  int connections, std::chrono::milliseconds time);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_LOAD_H_

// Sends requests as fast as a server answers them, over several keep-alive connections.
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

/// Each of `connections` sends a request, waits for the whole response and sends the next, for the
/// given time, and at least until a first response. One thread serves all connections. `requests`
/// are complete HTTP requests and are used in turn. A missing response or one with a status other
/// than 200 is an error.
tql::StatusOr<LoadResult> RunLoad(std::uint16_t port, const std::vector<std::string>& requests,
                                  int connections, std::chrono::milliseconds time);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_LOAD_H_

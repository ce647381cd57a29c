// A SELECT of one row by its key, again and again, over HTTP.
#ifndef TOOLS_TQLBENCH_POINT_BENCH_H_
#define TOOLS_TQLBENCH_POINT_BENCH_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/load.h"

namespace tqlbench {

inline constexpr int kPointConnections[] = {1, 8, 64};

/// Requests of point SELECTs, in a session of their server.
struct PointLoad {
  std::vector<std::string> requests;
  std::size_t answer_bytes = 0;  // of the body that answers one of them
};
/// Requests for 10,000 keys from all over the table.
tql::StatusOr<PointLoad> PreparePointLoad(const Bench& bench, const Server& server,
                                          Session::Cache cache);
/// One request, whose result the server keeps.
tql::StatusOr<PointLoad> PrepareRepeatedLoad(const Server& server);

/// Sends the requests for options().load_seconds; the details of the result go under `name`.
tql::StatusOr<LoadResult> RunPointLoad(Bench& bench, const std::string& name, std::uint16_t port,
                                       const PointLoad& load, int connections);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_POINT_BENCH_H_

// The memory used by the server and the client for a result with a hundred times more rows.
#include <algorithm>
#include <sstream>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/lineitem.h"
#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

constexpr double kMib = 1024.0 * 1024.0;

// Selects `rows` rows of the table multiplied by the numbers of `times`.
std::string SelectRows(std::uint64_t rows) {
  return "SELECT TOP " + std::to_string(rows) + " " + LineitemColumnList("l") +
         " FROM lineitem l, times t;";
}

struct Peaks {
  double server = 0;
  double client = 0;
};

// Reads `rows` rows in a separate process, so that the client's peak is that of its whole life.
tql::StatusOr<Peaks> PeaksOf(Server& server, std::uint64_t rows) {
  const pid_t pid = server.process().pid();
  if (tql::Status status = ResetPeak(pid); !status.ok()) return status;
  auto client = Process::Start({ProgramPath(), "part", "rows", server.http_url(), SelectRows(rows)},
                               Process::Output::kPipe);
  if (!client) return client.status();
  const auto line = client->ReadLine(std::chrono::minutes(10));
  if (!line) return line.status();
  std::uint64_t read = 0;
  std::uint64_t peak = 0;
  std::istringstream(*line) >> read >> peak;
  if (tql::Status status = client->Wait(); !status.ok()) return status;
  if (read != rows) return tql::InternalError("the client read " + *line);
  return Peaks{static_cast<double>(MemoryOf(pid).peak) / kMib, static_cast<double>(peak) / kMib};
}

}  // namespace

tql::Status MeasureMemory(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  return ForEachPair(bench, "memory", [&]() -> tql::Status {
    const auto few = PeaksOf(**server, kFewRows);
    if (!few) return few.status();
    const auto many = PeaksOf(**server, kManyRows);
    if (!many) return many.status();
    bench.recorder().Add("memory/server", std::max(0.0, many->server - few->server));
    bench.recorder().Add("memory/client", std::max(0.0, many->client - few->client));
    bench.recorder().Detail("peak RSS of the client, 5,000,000 rows", "MiB", many->client);
    return {};
  });
}

}  // namespace tqlbench

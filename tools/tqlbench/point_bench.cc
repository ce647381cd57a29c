// Repeated selection of one row by its key, against a server that does no work.
#include <charconv>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/load.h"
#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

constexpr int kConnections[] = {1, 8, 64};

// Requests for keys from all parts of the table.
std::vector<std::string> PointRequests(const Session& session, std::uint64_t rows) {
  std::vector<std::string> requests;
  for (std::uint64_t i = 0; i < 1000; ++i) {
    const std::uint64_t key = 1 + i * 7919 % rows;
    requests.push_back(session.RequestOf(
        "SELECT * FROM lineitem WHERE l_orderkey = " + std::to_string(key) + ";"));
  }
  return requests;
}

struct Echo {
  Process process;
  std::uint16_t port = 0;
};

tql::StatusOr<Echo> StartEcho(std::size_t body_bytes) {
  auto process = Process::Start({ProgramPath(), "part", "echo", std::to_string(body_bytes)},
                                Process::Output::kPipe);
  if (!process) return process.status();
  const auto line = process->ReadLine(std::chrono::seconds(10));
  if (!line) return line.status();
  Echo echo{std::move(*process)};
  std::from_chars(line->data(), line->data() + line->size(), echo.port);
  return echo;
}

void AddDetails(Bench& bench, const std::string& name, const LoadResult& result) {
  bench.recorder().Detail(name, "requests/s", result.PerSecond());
  bench.recorder().Detail(name + ", p50", "us", result.p50_us);
  bench.recorder().Detail(name + ", p99", "us", result.p99_us);
}

}  // namespace

tql::Status MeasurePoint(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  auto session = Session::Login((*server)->http_port());
  if (!session) return session.status();
  const auto answer = session->Run("SELECT * FROM lineitem WHERE l_orderkey = 1;");
  if (!answer) return answer.status();
  if (answer->find("\"rows\":[{") == std::string::npos) {
    return tql::InternalError("no row for key 1: " + *answer);
  }
  auto echo = StartEcho(answer->size());
  if (!echo) return echo.status();
  const std::vector<std::string> requests = PointRequests(*session, bench.options().rows);
  const std::chrono::milliseconds time(static_cast<int>(bench.options().load_seconds * 1000));
  for (const int connections : kConnections) {
    const std::string count = std::to_string(connections);
    tql::Status status = ForEachPair(bench, "point " + count, [&]() -> tql::Status {
      const auto own = RunLoad((*server)->http_port(), requests, connections, time);
      if (!own) return own.status();
      const auto peer = RunLoad(echo->port, requests, connections, time);
      if (!peer) return peer.status();
      bench.recorder().Add("point/" + count, own->PerSecond() / peer->PerSecond());
      AddDetails(bench, "point SELECT, " + count + " connections", *own);
      AddDetails(bench, "echo, " + count + " connections", *peer);
      return {};
    });
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace tqlbench

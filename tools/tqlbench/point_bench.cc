#include "tools/tqlbench/point_bench.h"

#include <charconv>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

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

}  // namespace

tql::StatusOr<PointLoad> PreparePointLoad(const Bench& bench, const Server& server) {
  auto session = Session::Login(server.http_port());
  if (!session) return session.status();
  const auto answer = session->Run("SELECT * FROM lineitem WHERE l_orderkey = 1;");
  if (!answer) return answer.status();
  if (answer->find("\"rows\":[{") == std::string::npos) {
    return tql::InternalError("no row for key 1: " + *answer);
  }
  return PointLoad{PointRequests(*session, bench.options().rows), answer->size()};
}

tql::StatusOr<LoadResult> RunPointLoad(Bench& bench, const std::string& name, std::uint16_t port,
                                       const PointLoad& load, int connections) {
  const std::chrono::milliseconds time(static_cast<int>(bench.options().load_seconds * 1000));
  auto result = RunLoad(port, load.requests, connections, time);
  if (!result) return result;
  const std::string detail = name + ", " + std::to_string(connections) + " connections";
  bench.recorder().Detail(detail, "requests/s", result->PerSecond());
  bench.recorder().Detail(detail + ", p50", "us", result->p50_us);
  bench.recorder().Detail(detail + ", p99", "us", result->p99_us);
  return result;
}

tql::Status MeasurePoint(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const auto load = PreparePointLoad(bench, **server);
  if (!load) return load.status();
  auto echo = StartEcho(load->answer_bytes);
  if (!echo) return echo.status();
  for (const int connections : kPointConnections) {
    const std::string count = std::to_string(connections);
    tql::Status status = ForEachPair(bench, "point " + count, [&]() -> tql::Status {
      const auto own =
          RunPointLoad(bench, "point SELECT", (*server)->http_port(), *load, connections);
      if (!own) return own.status();
      const auto peer = RunPointLoad(bench, "echo", echo->port, *load, connections);
      if (!peer) return peer.status();
      bench.recorder().Add("point/" + count, own->PerSecond() / peer->PerSecond());
      return {};
    });
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace tqlbench

#include "tools/tqlbench/point_bench.h"

#include <charconv>
#include <fstream>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

std::string StatementOf(std::uint64_t key) {
  return "SELECT * FROM lineitem WHERE l_orderkey = " + std::to_string(key) + ";";
}

/// A session with the size of the answer to a point SELECT.
struct PointSession {
  Session session;
  std::size_t answer_bytes = 0;
};
tql::StatusOr<PointSession> OpenPointSession(const Server& server) {
  auto session = Session::Login(server.http_port());
  if (!session) return session.status();
  const auto answer = session->Run(StatementOf(1));
  if (!answer) return answer.status();
  if (answer->find("\"rows\":[{") == std::string::npos) {
    return tql::InternalError("no row for key 1: " + *answer);
  }
  return PointSession{*std::move(session), answer->size()};
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

tql::StatusOr<PointLoad> PreparePointLoad(const Bench& bench, const Server& server,
                                          Session::Cache cache) {
  constexpr std::uint64_t kKeys = 10'000;
  auto opened = OpenPointSession(server);
  if (!opened) return opened.status();
  PointLoad load{.requests = {}, .answer_bytes = opened->answer_bytes};
  for (std::uint64_t i = 0; i < kKeys; ++i) {
    const std::uint64_t key = 1 + i * 7919 % bench.options().rows;
    load.requests.push_back(opened->session.RequestOf(StatementOf(key), cache));
  }
  return load;
}

tql::StatusOr<PointLoad> PrepareRepeatedLoad(const Server& server) {
  auto opened = OpenPointSession(server);
  if (!opened) return opened.status();
  return PointLoad{{opened->session.RequestOf(StatementOf(1))}, opened->answer_bytes};
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

namespace {

/// Measures both loads in turn; adds the ratios under `target` and the number of connections.
tql::Status CompareWithEcho(Bench& bench, const std::string& target, const std::string& name,
                            std::uint16_t port, const PointLoad& load) {
  auto echo = StartEcho(load.answer_bytes);
  if (!echo) return echo.status();
  for (const int connections : kPointConnections) {
    const std::string count = std::to_string(connections);
    tql::Status status = ForEachPair(bench, target + " " + count, [&]() -> tql::Status {
      const auto own = RunPointLoad(bench, name, port, load, connections);
      if (!own) return own.status();
      const auto peer = RunPointLoad(bench, "echo", echo->port, load, connections);
      if (!peer) return peer.status();
      bench.recorder().Add(target + "/" + count, own->PerSecond() / peer->PerSecond());
      return {};
    });
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace

tql::Status MeasurePoint(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const auto load = PrepareRepeatedLoad(**server);
  if (!load) return load.status();
  return CompareWithEcho(bench, "point", "point SELECT again", (*server)->http_port(), *load);
}

tql::Status MeasurePointNew(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const auto load = PreparePointLoad(bench, **server, Session::Cache::kSkipped);
  if (!load) return load.status();
  return CompareWithEcho(bench, "point-new", "point SELECT", (*server)->http_port(), *load);
}

tql::Status MeasurePgbench(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  if (bench.options().postgres.empty()) {
    for (const int connections : kPointConnections) {
      bench.recorder().Skip("pgbench/" + std::to_string(connections), "no PostgreSQL is installed");
    }
    return {};
  }
  const auto postgres = bench.LoadedPostgres();
  if (!postgres) return postgres.status();
  const auto script = bench.WorkFile("point.pgbench");
  if (!script) return script.status();
  std::ofstream(*script) << "\\set key random(1, " << bench.options().rows << ")\n"
                         << "SELECT * FROM lineitem WHERE l_orderkey = :key;\n";
  const auto load = PreparePointLoad(bench, **server, Session::Cache::kSkipped);
  if (!load) return load.status();
  for (const int connections : kPointConnections) {
    const std::string count = std::to_string(connections);
    tql::Status status = ForEachPair(bench, "pgbench " + count, [&]() -> tql::Status {
      const auto own =
          RunPointLoad(bench, "point SELECT", (*server)->http_port(), *load, connections);
      if (!own) return own.status();
      const auto peer = (*postgres)->Pgbench(*script, connections, bench.options().load_seconds);
      if (!peer) return peer.status();
      bench.recorder().Detail("pgbench, " + count + " connections", "requests/s", *peer);
      bench.recorder().Add("pgbench/" + count, own->PerSecond() / *peer);
      return {};
    });
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace tqlbench

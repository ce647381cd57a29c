// The cost of creating a table, reading a row and listing all tables if there are 10,000 tables.
#include <algorithm>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/load.h"
#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

constexpr int kTables = 10'000;
constexpr int kColumns = 20;
constexpr int kSome = 100;  // Measured at the beginning and at the end.
constexpr double kMib = 1024.0 * 1024.0;

std::string CreateTable(int number) {
  std::string statement = "CREATE TABLE table" + std::to_string(number) + " (c0 INT";
  for (int i = 1; i < kColumns; ++i) {
    statement += ", c" + std::to_string(i) + (i % 2 == 0 ? " VARCHAR(0)" : " DOUBLE");
  }
  return statement + ", PRIMARY KEY (c0));";
}

/// Creates the tables first to last - 1 and returns how many seconds that took.
tql::StatusOr<double> MakeTables(Session& session, int first, int last) {
  tql::Status status;
  const double seconds = TimeOf([&] {
    for (int i = first; i < last && status.ok(); ++i) status = session.Run(CreateTable(i)).status();
  });
  if (!status.ok()) return status;
  return seconds;
}

tql::StatusOr<double> PointsPerSecond(const Bench& bench, const Server& server,
                                      const Session& session) {
  const std::chrono::milliseconds time(static_cast<int>(bench.options().load_seconds * 1000));
  const auto load = RunLoad(
      server.http_port(),
      {session.RequestOf("SELECT * FROM table0 WHERE c0 = 1;", Session::Cache::kSkipped)}, 1, time);
  if (!load) return load.status();
  return load->PerSecond();
}

/// Requests the definitions of all tables and returns by how many MiB the server's peak grew.
tql::StatusOr<double> GrowthByLists(Bench& bench, Server& server, Session& session) {
  const pid_t pid = server.process().pid();
  const auto all = [&](std::string_view statement) -> tql::Status {
    tql::Status status;
    const double seconds = TimeOf([&] { status = session.Run(statement).status(); });
    bench.recorder().Detail(std::string(statement) + " of 10,000 tables", "ms", seconds * 1e3);
    return status;
  };
  if (tql::Status status = ResetPeak(pid); !status.ok()) return status;
  const auto before = static_cast<double>(MemoryOf(pid).resident);
  for (const std::string_view statement : {"SHOW TABLES;", "SCRIPT SERVER;"}) {
    if (tql::Status status = all(statement); !status.ok()) return status;
  }
  return std::max(0.0, static_cast<double>(MemoryOf(pid).peak) - before) / kMib;
}

}  // namespace

tql::Status MeasureCatalog(Bench& bench) {
  return ForEachPair(bench, "catalog", [&]() -> tql::Status {
    auto server = Server::Start(bench.options().tqlmockd);
    if (!server) return server.status();
    auto session = Session::Login(server->http_port());
    if (!session) return session.status();
    const std::string database = "CREATE DATABASE " + std::string(kDatabase) + ";";
    for (const std::string& statement : {database, CreateTable(0)}) {
      if (tql::Status status = session->Run(statement).status(); !status.ok()) return status;
    }
    const auto row = session->Run("INSERT INTO table0 (c0, c2) VALUES (1, 'a');");
    if (!row) return row.status();
    const auto few = PointsPerSecond(bench, *server, *session);
    if (!few) return few.status();

    const auto first = MakeTables(*session, 1, 1 + kSome);
    if (!first) return first.status();
    const auto middle = MakeTables(*session, 1 + kSome, kTables - kSome);
    if (!middle) return middle.status();
    const auto last = MakeTables(*session, kTables - kSome, kTables);
    if (!last) return last.status();

    const auto many = PointsPerSecond(bench, *server, *session);
    if (!many) return many.status();
    const auto growth = GrowthByLists(bench, *server, *session);
    if (!growth) return growth.status();
    bench.recorder().Add("catalog/create", *last / *first);
    bench.recorder().Add("catalog/point", *few / *many);
    bench.recorder().Add("catalog/memory", *growth);
    bench.recorder().Detail("CREATE TABLE, the first 100", "ms", *first * 1e3 / kSome);
    bench.recorder().Detail("CREATE TABLE, the last 100 of 10,000", "ms", *last * 1e3 / kSome);
    return {};
  });
}

}  // namespace tqlbench

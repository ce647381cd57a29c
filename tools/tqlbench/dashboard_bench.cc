// A dashboard: the same aggregates over a large table, asked again and again.
#include <string>
#include <vector>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/programs.h"

namespace tqlbench {
namespace {

/// How often the dashboard is asked for between two INSERTs.
constexpr int kRounds = 100;

std::vector<std::string> Dashboard() {
  std::vector<std::string> statements;
  for (const char* const column : {"l_quantity", "l_extendedprice", "l_discount", "l_tax"}) {
    for (const char* const function : {"SUM", "AVG", "MIN", "MAX", "COUNT"}) {
      const std::string value = std::string(function) + "(" + column + ")";
      statements.push_back("SELECT " + value + " FROM lineitem;");
      statements.push_back("SELECT l_returnflag, " + value +
                           " FROM lineitem GROUP BY l_returnflag ORDER BY 1;");
    }
  }
  return statements;
}

/// Returns the mean time of a round in seconds, of which the first follows an INSERT.
tql::StatusOr<double> TimeRounds(Session& session, int rounds, Session::Cache cache) {
  tql::Status status;
  const double seconds = TimeOf([&] {
    status = session.Run("INSERT INTO lineitem (l_orderkey) VALUES (-1);").status();
    for (int round = 0; round < rounds && status.ok(); ++round) {
      for (const std::string& statement : Dashboard()) {
        if (status.ok()) status = session.Run(statement, cache).status();
      }
    }
  });
  if (!status.ok()) return status;
  return seconds / rounds;
}

}  // namespace

tql::Status MeasureDashboard(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  auto session = Session::Login((*server)->http_port());
  if (!session) return session.status();
  // Results are kept from the second time on.
  if (auto first = TimeRounds(*session, 2, Session::Cache::kUsed); !first) return first.status();
  const tql::Status measured = ForEachPair(bench, "dashboard", [&]() -> tql::Status {
    const auto cached = TimeRounds(*session, kRounds, Session::Cache::kUsed);
    if (!cached) return cached.status();
    const auto computed = TimeRounds(*session, 1, Session::Cache::kSkipped);
    if (!computed) return computed.status();
    bench.recorder().Detail("dashboard of 40 aggregates", "ms", *cached * 1000);
    bench.recorder().Add("dashboard", *computed / *cached);
    return {};
  });
  if (!measured.ok()) return measured;
  return session->Run("DELETE FROM lineitem WHERE l_orderkey = -1;").status();
}

tql::Status MeasureGroupBy(Bench& bench) {
  const std::string statement =
      "SELECT l_returnflag, l_linestatus, COUNT(*), SUM(l_quantity), SUM(l_extendedprice), "
      "AVG(l_discount), MIN(l_tax), MAX(l_tax) FROM lineitem GROUP BY l_returnflag, l_linestatus "
      "ORDER BY 1, 2;";
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const auto file = bench.SqliteFile();
  if (!file) return file.status();
  auto session = Session::Login((*server)->http_port());
  if (!session) return session.status();
  return ForEachPair(bench, "group-by", [&]() -> tql::Status {
    tql::Status status;
    const double own =
        TimeOf([&] { status = session->Run(statement, Session::Cache::kSkipped).status(); });
    if (!status.ok()) return status;
    const auto peer =
        TimeProgram(SqliteShell(bench, "list", *file, statement), Process::Output::kPipe);
    if (!peer) return peer.status();
    bench.recorder().Detail("GROUP BY", "ms", own * 1000);
    bench.recorder().Add("group-by", *peer / own);
    return {};
  });
}

}  // namespace tqlbench

// Forks: their time, their memory, and what they cost the statements after them.
#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/control.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/point_bench.h"
#include "tools/tqlbench/sqlite_peer.h"
#include "tools/tqlbench/stats.h"

namespace tqlbench {
namespace {

constexpr std::string_view kSpace = "bench";  // the name of the fork

/// Replaces a fork again and again over one connection; returns the median in milliseconds.
tql::StatusOr<double> TimeOfPut(Bench& bench, const std::string& name, const Server& server) {
  auto control = Control::Connect(server.http_port());
  if (!control) return control.status();
  // RunLoad requires the status 200, with which a fork is replaced.
  if (tql::Status made = control->Fork(kSpace); !made.ok()) return made;
  const PointLoad load{.requests = {ForkRequest(kSpace)}};
  const auto puts = RunPointLoad(bench, name, server.http_port(), load, 1);
  if (!puts) return puts.status();
  return puts->p50_us / 1000;
}

/// A server with a table `wide` of rows of 1,000 characters, and a session of it.
struct WideServer {
  Server server;
  Session session;

  static tql::StatusOr<WideServer> Start(const Bench& bench, std::uint64_t rows) {
    auto server = Server::Start(bench.options().tqlmockd);
    if (!server) return server.status();
    auto session = Session::Login(server->http_port());
    if (!session) return session.status();
    std::vector<std::string> statements = {
        "CREATE DATABASE " + std::string(kDatabase) + ";",
        "CREATE TABLE wide (k INT, s VARCHAR(0), PRIMARY KEY (k));",
        "INSERT INTO wide VALUES (0, '" + std::string(1000, 'x') + "');"};
    for (std::uint64_t done = 1; done < rows; done *= 2) {
      statements.push_back("INSERT INTO wide SELECT k + " + std::to_string(done) +
                           ", s FROM wide WHERE k < " + std::to_string(rows - done) + ";");
    }
    for (const std::string& statement : statements) {
      if (auto answer = session->Run(statement); !answer) return answer.status();
    }
    return WideServer{.server = *std::move(server), .session = *std::move(session)};
  }
};

/// The rows of `wide` that take about as many bytes as the table lineitem.
std::uint64_t WideRows(const Bench& bench) { return bench.options().rows / 10; }

tql::Status RunAll(Session& session, const std::vector<std::string>& statements) {
  for (const std::string& statement : statements) {
    if (auto answer = session.Run(statement); !answer) return answer.status();
  }
  return {};
}

tql::StatusOr<double> Timed(Session& session, const std::vector<std::string>& statements) {
  tql::Status status;
  const double seconds = TimeOf([&] { status = RunAll(session, statements); });
  if (!status.ok()) return status;
  return seconds;
}

/// UPDATEs of random rows, nearly each on a page of its own, to texts of this letter: an UPDATE
/// that changes nothing writes nothing.
std::vector<std::string> RandomWrites(std::uint64_t rows, char letter) {
  constexpr int kStatements = 10;
  constexpr int kKeys = 200;
  std::vector<std::string> statements;
  std::uint64_t key = 1;
  for (int i = 0; i < kStatements; ++i) {
    std::string statement = "UPDATE wide SET s = '" + std::string(1000, letter) + "' WHERE k IN (";
    for (int j = 0; j < kKeys; ++j) {
      key = (key * 6364136223846793005U + 1442695040888963407U);
      statement += (j == 0 ? "" : ", ") + std::to_string((key >> 33U) % rows);
    }
    statements.push_back(statement + ");");
  }
  return statements;
}

}  // namespace

tql::Status MeasureFork(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const auto file = bench.SqliteFile();
  if (!file) return file.status();
  auto copier = SqliteCopier::Open(*file);
  if (!copier) return copier.status();
  Recorder& recorder = bench.recorder();
  const bool has_postgres = !bench.options().postgres.empty();
  if (!has_postgres) recorder.Skip("fork/template", "no PostgreSQL is installed");
  Postgres* postgres = nullptr;
  if (has_postgres) {
    auto loaded = bench.LoadedPostgres();
    if (!loaded) return loaded.status();
    postgres = *loaded;
  }
  return ForEachPair(bench, "fork", [&]() -> tql::Status {
    const auto put = TimeOfPut(bench, "PUT of a fork", **server);
    if (!put) return put.status();
    recorder.Add("fork/put", *put);
    for (const auto& [target, copy] : {std::pair("fork/backup", &SqliteCopier::Backup),
                                       std::pair("fork/serialize", &SqliteCopier::Serialize)}) {
      tql::Status status;
      const double seconds = TimeOf([&, copy = copy] { status = ((*copier).*copy)(); });
      if (!status.ok()) return status;
      recorder.Detail(target, "ms", seconds * 1000);
      recorder.Add(target, seconds * 1000 / *put);
    }
    if (postgres == nullptr) return {};
    auto session = PostgresSession::Start(*postgres);
    if (!session) return session.status();
    tql::Status status;
    const double seconds = TimeOf([&] { status = session->CopyDatabase("bench_copy"); });
    if (status.ok()) status = session->DropDatabase("bench_copy");
    if (!status.ok()) return status;
    recorder.Detail("fork/template", "ms", seconds * 1000);
    recorder.Add("fork/template", seconds * 1000 / *put);
    return {};
  });
}

tql::Status MeasureForkSize(Bench& bench) {
  constexpr std::uint64_t kTimes = 10;
  auto small = WideServer::Start(bench, WideRows(bench));
  if (!small) return small.status();
  auto large = WideServer::Start(bench, WideRows(bench) * kTimes);
  if (!large) return large.status();
  return ForEachPair(bench, "fork-size", [&]() -> tql::Status {
    const auto of_small = TimeOfPut(bench, "PUT of a fork, a tenth", small->server);
    if (!of_small) return of_small.status();
    const auto of_large = TimeOfPut(bench, "PUT of a fork, ten times", large->server);
    if (!of_large) return of_large.status();
    bench.recorder().Add("fork-size", *of_large / *of_small);
    return {};
  });
}

tql::Status MeasureForkFirst(Bench& bench) {
  constexpr int kForks = 50;
  for (const int tables : {100, 1000}) {
    const std::string target = "fork-first/" + std::to_string(tables);
    auto server = Server::Start(bench.options().tqlmockd);
    if (!server) return server.status();
    auto session = Session::Login(server->http_port());
    if (!session) return session.status();
    std::vector<std::string> statements = {"CREATE DATABASE " + std::string(kDatabase) + ";"};
    for (int i = 0; i < tables; ++i) {
      statements.push_back("CREATE TABLE t" + std::to_string(i) +
                           " (a INT, b VARCHAR(0), c DOUBLE, d DATE, PRIMARY KEY (a));");
    }
    statements.emplace_back("INSERT INTO t0 VALUES (1, 'x', 1.5, '2020-01-01');");
    if (tql::Status made = RunAll(*session, statements); !made.ok()) return made;
    auto control = Control::Connect(server->http_port());
    if (!control) return control.status();
    if (tql::Status made = control->Fork(kSpace); !made.ok()) return made;
    auto forked = Session::Login(server->http_port(), kSpace);
    if (!forked) return forked.status();
    tql::Status measured = ForEachPair(bench, target, [&]() -> tql::Status {
      std::vector<double> times;
      for (int i = 0; i < kForks; ++i) {
        tql::Status status;
        times.push_back(TimeOf([&] {
          status = control->Fork(kSpace);
          if (status.ok()) status = RunAll(*forked, {"SELECT * FROM t0 WHERE a = 1;"});
        }));
        if (!status.ok()) return status;
      }
      bench.recorder().Add(target, Quantile(std::move(times), 0.5) * 1000);
      return {};
    });
    if (!measured.ok()) return measured;
  }
  return {};
}

tql::Status MeasureForkMemory(Bench& bench) {
  auto wide = WideServer::Start(bench, WideRows(bench));
  if (!wide) return wide.status();
  auto control = Control::Connect(wide->server.http_port());
  if (!control) return control.status();
  const int forks = bench.options().forks;
  const auto name = [](int i) { return "f" + std::to_string(i); };
  const auto resident = [&] {
    return static_cast<double>(MemoryOf(wide->server.process().pid()).resident);
  };
  return ForEachPair(bench, "fork-memory", [&]() -> tql::Status {
    const double before = resident();
    for (int i = 0; i < forks; ++i) {
      if (tql::Status made = control->Fork(name(i)); !made.ok()) return made;
    }
    const double idle = resident();
    for (int i = 0; i < forks; ++i) {
      auto session = Session::Login(wide->server.http_port(), name(i));
      if (!session) return session.status();
      tql::Status used = RunAll(*session, {"INSERT INTO wide VALUES (-1, 'x');"});
      if (!used.ok()) return used;
    }
    const double used = resident();
    for (int i = 0; i < forks; ++i) {
      if (tql::Status removed = control->Remove(name(i)); !removed.ok()) return removed;
    }
    bench.recorder().Add("fork-memory/idle", std::max(0.0, idle - before) / forks / 1024);
    bench.recorder().Add("fork-memory/used", std::max(0.0, used - before) / forks / 1024);
    return {};
  });
}

tql::Status MeasureForkChurn(Bench& bench) {
  constexpr int kTimes = 100;
  auto wide = WideServer::Start(bench, WideRows(bench));
  if (!wide) return wide.status();
  auto control = Control::Connect(wide->server.http_port());
  if (!control) return control.status();
  const auto churn = [&](int count) -> tql::Status {
    for (int i = 0; i < count; ++i) {
      const std::string name = "churn" + std::to_string(i % 1000);
      if (tql::Status made = control->Fork(name); !made.ok()) return made;
      if (tql::Status removed = control->Remove(name); !removed.ok()) return removed;
    }
    return {};
  };
  if (tql::Status warm = churn(1000); !warm.ok()) return warm;
  return ForEachPair(bench, "fork-churn", [&]() -> tql::Status {
    const auto before = static_cast<double>(MemoryOf(wide->server.process().pid()).resident);
    if (tql::Status status = churn(kTimes * bench.options().forks); !status.ok()) return status;
    const auto after = static_cast<double>(MemoryOf(wide->server.process().pid()).resident);
    constexpr double kMebibyte = 1 << 20;
    bench.recorder().Add("fork-churn", std::max(0.0, after - before) / kMebibyte);
    return {};
  });
}

tql::Status MeasureForkUse(Bench& bench) {
  const std::uint64_t rows = WideRows(bench);
  auto forked = WideServer::Start(bench, rows);
  if (!forked) return forked.status();
  auto plain = WideServer::Start(bench, rows);
  if (!plain) return plain.status();
  auto control = Control::Connect(forked->server.http_port());
  if (!control) return control.status();
  if (tql::Status made = control->Fork(kSpace); !made.ok()) return made;
  auto session = Session::Login(forked->server.http_port(), kSpace);
  if (!session) return session.status();
  const std::vector<std::string> scans(5, "SELECT count(*) FROM wide WHERE s < 'A';");
  bool fork_first = false;
  char letter = 'a';
  const auto compare = [&](const std::string& target,
                           const std::vector<std::string>& statements) -> tql::Status {
    auto first = Timed(fork_first ? *session : plain->session, statements);
    if (!first) return first.status();
    auto second = Timed(fork_first ? plain->session : *session, statements);
    if (!second) return second.status();
    if (!fork_first) std::swap(*first, *second);
    bench.recorder().Add(target, *first / *second);
    return {};
  };
  return ForEachPair(bench, "fork-use", [&]() -> tql::Status {
    fork_first = !fork_first;
    if (tql::Status made = control->Fork(kSpace); !made.ok()) return made;
    // Opens the connection of the fork.
    tql::Status status = RunAll(*session, {"SELECT k FROM wide WHERE k = 1;"});
    if (status.ok()) status = compare("fork-use/scan", scans);
    for (const char* const target : {"fork-use/first-writes", "fork-use/later-writes"}) {
      letter = letter == 'z' ? 'a' : static_cast<char>(letter + 1);
      if (status.ok()) status = compare(target, RandomWrites(rows, letter));
    }
    return status;
  });
}

}  // namespace tqlbench

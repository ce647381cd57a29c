// A suite of tests on several threads, each of which gets data of its own: a fork, or a database of
// PostgreSQL made from a template.
#include <atomic>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "proto/base/mutex.h"
#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/control.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/stats.h"

namespace tqlbench {
namespace {

constexpr int kTests = 200;
constexpr int kPeerTests = 40;  // each takes as long as hundreds of forks
constexpr int kThreads = 8;
constexpr int kPairsOfStatements = 5;

/// INSERTs and point SELECTs in turn, ten in all.
std::vector<std::string> Statements() {
  std::vector<std::string> statements;
  for (int i = 0; i < kPairsOfStatements; ++i) {
    const std::string number = std::to_string(i + 1);
    statements.push_back("INSERT INTO times VALUES (" + number + ");");
    statements.push_back("SELECT * FROM lineitem WHERE l_orderkey = " + number + ";");
  }
  return statements;
}

/// A test against the double: fork, login, statements, verification, removal.
tql::Status RunTest(Control& control, std::uint16_t port, const std::string& space) {
  if (tql::Status made = control.Fork(space); !made.ok()) return made;
  auto session = Session::Login(port, space);
  if (!session) return session.status();
  for (const std::string& statement : Statements()) {
    if (auto answer = session->Run(statement); !answer) return answer.status();
  }
  tql::Status status = control.VerifyInserts(space, kPairsOfStatements);
  return status.ok() ? control.Remove(space) : status;
}

/// Runs `count` tests on kThreads threads; `test` gets the number of the thread and of the test.
/// Returns tests/s.
tql::StatusOr<double> Rate(int count,
                           const std::function<tql::Status(int thread, int test)>& test) {
  std::atomic<int> next = 0;
  tql::base::Mutex mutex;
  tql::Status failed;
  const double seconds = TimeOf([&] {
    std::vector<std::jthread> threads;
    for (int thread = 0; thread < kThreads; ++thread) {
      threads.emplace_back([&, thread] {
        for (int i = next++; i < count; i = next++) {
          tql::Status status = test(thread, i);
          if (status.ok()) continue;
          const tql::base::MutexLock lock(mutex);
          failed = status;
          return;
        }
      });
    }
  });
  if (!failed.ok()) return failed;
  return count / seconds;
}

/// Adds the tests/s of PostgreSQL with a database for each test.
tql::StatusOr<double> PeerRate(std::vector<PostgresSession>& sessions) {
  return Rate(kPeerTests, [&](int thread, int test) {
    PostgresSession& session = sessions[static_cast<std::size_t>(thread)];
    const std::string name = "suite" + std::to_string(test);
    tql::Status status = session.CopyDatabase(name);
    if (status.ok()) status = session.RunIn(name, Statements());
    return status.ok() ? session.DropDatabase(name) : status;
  });
}

}  // namespace

tql::Status MeasureForkTest(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const std::uint16_t port = (*server)->http_port();
  std::vector<Control> controls;
  for (int i = 0; i < kThreads; ++i) {
    auto control = Control::Connect(port);
    if (!control) return control.status();
    controls.push_back(*std::move(control));
  }
  std::vector<PostgresSession> peers;
  if (bench.options().postgres.empty()) {
    bench.recorder().Skip("fork-test/suite", "no PostgreSQL is installed");
  } else {
    auto postgres = bench.LoadedPostgres();
    if (!postgres) return postgres.status();
    for (int i = 0; i < kThreads; ++i) {
      auto session = PostgresSession::Start(**postgres);
      if (!session) return session.status();
      peers.push_back(*std::move(session));
    }
  }
  return ForEachPair(bench, "fork-test", [&]() -> tql::Status {
    constexpr int kAlone = 50;
    std::vector<double> seconds;
    for (int i = 0; i < kAlone; ++i) {
      tql::Status status;
      seconds.push_back(TimeOf([&] { status = RunTest(controls[0], port, "alone"); }));
      if (!status.ok()) return status;
    }
    bench.recorder().Add("fork-test/one", Quantile(std::move(seconds), 0.5) * 1000);
    const auto rate = Rate(kTests, [&](int thread, int test) {
      return RunTest(controls[static_cast<std::size_t>(thread)], port,
                     "suite" + std::to_string(test));
    });
    if (!rate) return rate.status();
    bench.recorder().Detail("suite of tests, forks", "tests/s", *rate);
    if (peers.empty()) return {};
    const auto peer = PeerRate(peers);
    if (!peer) return peer.status();
    bench.recorder().Detail("suite of tests, databases of PostgreSQL", "tests/s", *peer);
    bench.recorder().Add("fork-test/suite", *rate / *peer);
    return {};
  });
}

}  // namespace tqlbench

// The test double: forks, and what a plan and the journal cost a statement.
#include <algorithm>
#include <utility>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/point_bench.h"

namespace tqlbench {
namespace {

constexpr std::uint64_t kRows = 10'000;
constexpr int kConnections = 8;
constexpr int kTests = 50;
constexpr int kStatements = 10;
constexpr std::string_view kSpace = "/mock/namespaces/bench";

std::string ControlRequest(std::string_view method, std::string_view path, std::string_view body) {
  std::string request(method);
  request.append(" ").append(path).append(" HTTP/1.1\r\nHost: localhost\r\nContent-Length: ");
  return request.append(std::to_string(body.size())).append("\r\n\r\n").append(body);
}

tql::Status Call(Socket& socket, const std::string& request) {
  if (tql::Status sent = socket.Send(request); !sent.ok()) return sent;
  std::string body;
  AnswerReader reader(&body);
  if (tql::Status status = socket.Receive(&reader); !status.ok()) return status;
  if (reader.status() / 100 == 2) return {};
  return tql::InternalError(request.substr(0, request.find('\r')) + ": " + body);
}

/// A server with the first kRows rows of the table, and its point queries.
struct SmallServer {
  Server server;
  PointLoad load;
};
tql::StatusOr<SmallServer> StartSmall(const Bench& bench, const std::vector<std::string>& flags) {
  auto server = Server::Start(bench.options().tqlmockd, flags);
  if (!server) return server.status();
  auto session = Session::Login(server->http_port());
  if (!session) return session.status();
  tql::Status loaded = LoadLineitem(*session, kRows, 1, [](std::uint64_t) {});
  if (!loaded.ok()) return loaded;
  SmallServer small{.server = *std::move(server), .load = {}};
  for (std::uint64_t i = 0; i < kRows; i += 7) {
    small.load.requests.push_back(session->RequestOf(
        "SELECT * FROM lineitem WHERE l_orderkey = " + std::to_string(i + 1) + ";"));
  }
  return small;
}

/// What a test against the double does.
tql::Status RunTest(Socket& control, std::uint16_t port) {
  tql::Status status = Call(control, ControlRequest("PUT", kSpace, R"({"from":"main"})"));
  if (!status.ok()) return status;
  auto session = Session::Login(port, "bench");
  if (!session) return session.status();
  for (int i = 0; i < kStatements / 2; ++i) {
    const std::string number = std::to_string(i);
    for (const std::string& statement :
         {"INSERT INTO times VALUES (" + number + ");",
          "SELECT * FROM lineitem WHERE l_orderkey = " + number + ";"}) {
      if (auto answer = session->Run(statement); !answer) return answer.status();
    }
  }
  const std::string space(kSpace);
  status =
      Call(control, ControlRequest("POST", space + "/verify",
                                   R"({"expect":[{"match":{"kind":["INSERT"]},"exactly":5}]})"));
  return status.ok() ? Call(control, ControlRequest("DELETE", kSpace, "")) : status;
}

/// Adds the ratio of the requests/s of two loads, which begin in turn.
tql::Status Compare(Bench& bench, const std::string& target,
                    const std::function<tql::StatusOr<LoadResult>()>& with,
                    const std::function<tql::StatusOr<LoadResult>()>& without) {
  bool with_first = true;
  return ForEachPair(bench, target, [&]() -> tql::Status {
    with_first = !with_first;
    auto first = with_first ? with() : without();
    if (!first) return first.status();
    auto second = with_first ? without() : with();
    if (!second) return second.status();
    if (!with_first) std::swap(*first, *second);
    bench.recorder().Add(target, first->PerSecond() / second->PerSecond());
    return {};
  });
}

/// SELECTs from other tables: the kind matches, so that each rule has to compare more.
std::string RulesThatDoNotMatch() {
  std::string plan = R"({"rule":[)";
  for (int i = 0; i < 100; ++i) {
    plan.append(i == 0 ? "" : ",").append(R"({"match":{"kind":["SELECT"],"table":["other)");
    plan.append(std::to_string(i)).append(R"("]},"times":0,"do":[{"delay":"1s"}]})");
  }
  return plan + "]}";
}

}  // namespace

tql::Status MeasureFork(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const std::uint16_t port = (*server)->http_port();
  auto control = Socket::Connect(port);
  if (!control) return control.status();
  const std::string put = ControlRequest("PUT", kSpace, R"({"from":"main"})");
  return ForEachPair(bench, "fork", [&]() -> tql::Status {
    // RunLoad requires the status 200, with which a fork is replaced.
    if (tql::Status made = Call(*control, put); !made.ok()) return made;
    const auto puts = RunPointLoad(bench, "PUT of a fork", port, {{put}, 0}, 1);
    if (!puts) return puts.status();
    bench.recorder().Add("fork/put", puts->p50_us / 1000);
    std::vector<double> seconds;
    for (int i = 0; i < kTests; ++i) {
      tql::Status status;
      seconds.push_back(TimeOf([&] { status = RunTest(*control, port); }));
      if (!status.ok()) return status;
    }
    std::ranges::nth_element(seconds, seconds.begin() + kTests / 2);
    bench.recorder().Add("fork/test", seconds[kTests / 2] * 1000);
    return {};
  });
}

tql::Status MeasurePlan(Bench& bench) {
  auto small = StartSmall(bench, {});
  if (!small) return small.status();
  const std::uint16_t port = small->server.http_port();
  auto control = Socket::Connect(port);
  if (!control) return control.status();
  const auto run = [&](const std::string& name, const std::string& plan) {
    return [&, name, plan]() -> tql::StatusOr<LoadResult> {
      tql::Status status = Call(*control, ControlRequest("PUT", "/mock/plan", plan));
      if (!status.ok()) return status;
      return RunPointLoad(bench, name, port, small->load, kConnections);
    };
  };
  return Compare(bench, "plan", run("point SELECT, 100 rules", RulesThatDoNotMatch()),
                 run("point SELECT, no rules", "{}"));
}

tql::Status MeasureJournal(Bench& bench) {
  auto on = StartSmall(bench, {});
  if (!on) return on.status();
  auto off = StartSmall(bench, {"--journal", "off"});
  if (!off) return off.status();
  const auto run = [&](const std::string& name, const SmallServer& small) {
    return [&, name] {
      return RunPointLoad(bench, name, small.server.http_port(), small.load, kConnections);
    };
  };
  return Compare(bench, "journal", run("point SELECT, journal", *on),
                 run("point SELECT, --journal off", *off));
}

}  // namespace tqlbench

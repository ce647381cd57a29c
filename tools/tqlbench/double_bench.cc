// The test double: what a plan and the journal cost a statement.
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/control.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/point_bench.h"

namespace tqlbench {
namespace {

constexpr std::uint64_t kRows = 10'000;
constexpr int kConnections = 8;

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
        "SELECT * FROM lineitem WHERE l_orderkey = " + std::to_string(i + 1) + ";",
        Session::Cache::kSkipped));
  }
  return small;
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

tql::Status MeasurePlan(Bench& bench) {
  auto small = StartSmall(bench, {});
  if (!small) return small.status();
  const std::uint16_t port = small->server.http_port();
  auto control = Control::Connect(port);
  if (!control) return control.status();
  const auto run = [&](const std::string& name, const std::string& plan) {
    return [&, name, plan]() -> tql::StatusOr<LoadResult> {
      tql::Status status = control->Call("PUT", "/plan", plan);
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

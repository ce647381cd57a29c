// This build's programs and another build's, in turn on the same data. The client library that
// measures the servers is this build's for both.
#include <utility>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/client_rows.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/point_bench.h"
#include "tools/tqlbench/programs.h"
#include "tools/tqlbench/script_bench.h"

namespace tqlbench {
namespace {

std::string OtherTqlmockd(const Bench& bench) { return bench.options().against + "/tqlmockd"; }

struct Servers {
  Server* own = nullptr;
  Server* other = nullptr;
};

tql::StatusOr<Servers> LoadedServers(Bench& bench) {
  auto own = bench.LoadedServer();
  if (!own) return own.status();
  auto other = bench.LoadedServer(OtherTqlmockd(bench));
  if (!other) return other.status();
  return Servers{*own, *other};
}

struct Figures {
  double own = 0;
  double other = 0;
};

/// Measures both in turn. Who is first changes with each pair, so that neither gains from what the
/// first one leaves in the caches. `measure(bool own)` returns a figure or an error.
template <typename Measure>
tql::StatusOr<Figures> InTurn(int* turn, const Measure& measure) {
  const bool own_first = (*turn)++ % 2 == 0;
  tql::StatusOr<double> first = measure(own_first);
  if (!first) return first.status();
  tql::StatusOr<double> second = measure(!own_first);
  if (!second) return second.status();
  return own_first ? Figures{*first, *second} : Figures{*second, *first};
}

/// The ratio of two times as one of speeds.
void AddSpeed(Bench& bench, const std::string& target, const std::string& detail, double amount,
              std::string_view unit, const Figures& seconds) {
  bench.recorder().Add(target, seconds.other / seconds.own);
  bench.recorder().Detail(detail, unit, amount / seconds.own);
  bench.recorder().Detail(detail + ", the other build", unit, amount / seconds.other);
}

}  // namespace

tql::Status MeasureStartAgainst(Bench& bench) {
  const std::string other = OtherTqlmockd(bench);
  // The files of the programs are in the page cache from the second start on.
  for (const std::string& program : {bench.options().tqlmockd, other}) {
    if (auto first = Server::Start(program); !first) return first.status();
  }
  constexpr int kStarts = 10;  // in each pair: a start is short
  int turn = 0;
  return ForEachPair(bench, "start", [&]() -> tql::Status {
    for (int i = 0; i < kStarts; ++i) {
      double own_memory = 0;
      double other_memory = 0;
      const auto seconds = InTurn(&turn, [&](bool own) -> tql::StatusOr<double> {
        auto server = Server::Start(own ? bench.options().tqlmockd : other);
        if (!server) return server.status();
        (own ? own_memory : other_memory) =
            static_cast<double>(MemoryOf(server->process().pid()).resident) / 1048576;
        return server->start_seconds();
      });
      if (!seconds) return seconds.status();
      bench.recorder().Add("against/start", seconds->own / seconds->other);
      bench.recorder().Detail("start", "ms", seconds->own * 1e3);
      bench.recorder().Detail("start, the other build", "ms", seconds->other * 1e3);
      bench.recorder().Add("against/idle-memory", own_memory / other_memory);
      bench.recorder().Detail("resident memory", "MiB", own_memory);
      bench.recorder().Detail("resident memory, the other build", "MiB", other_memory);
    }
    return {};
  });
}

namespace {

tql::Status MeasurePoints(Bench& bench, const std::string& target, const std::string& name,
                          Session::Cache cache) {
  const auto servers = LoadedServers(bench);
  if (!servers) return servers.status();
  const auto own_load = PreparePointLoad(bench, *servers->own, cache);
  if (!own_load) return own_load.status();
  const auto other_load = PreparePointLoad(bench, *servers->other, cache);
  if (!other_load) return other_load.status();
  for (const int connections : kPointConnections) {
    const std::string count = std::to_string(connections);
    int turn = 0;
    tql::Status status = ForEachPair(bench, name + " " + count, [&]() -> tql::Status {
      const auto rates = InTurn(&turn, [&](bool own) -> tql::StatusOr<double> {
        const auto result = RunPointLoad(bench, own ? name : name + ", the other build",
                                         (own ? servers->own : servers->other)->http_port(),
                                         own ? *own_load : *other_load, connections);
        if (!result) return result.status();
        return result->PerSecond();
      });
      if (!rates) return rates.status();
      bench.recorder().Add(target + "/" + count, rates->own / rates->other);
      return {};
    });
    if (!status.ok()) return status;
  }
  return {};
}

}  // namespace

tql::Status MeasurePointAgainst(Bench& bench) {
  return MeasurePoints(bench, "against/point", "point SELECT", Session::Cache::kUsed);
}

tql::Status MeasurePointNewAgainst(Bench& bench) {
  return MeasurePoints(bench, "against/point-new", "point SELECT, skip_cache",
                       Session::Cache::kSkipped);
}

tql::Status MeasureSelectAgainst(Bench& bench) {
  const auto servers = LoadedServers(bench);
  if (!servers) return servers.status();
  const std::uint64_t rows = bench.options().rows;
  const std::pair<std::string, const std::string& (Server::*)() const> kWires[] = {
      {"http", &Server::http_url}, {"https", &Server::https_url}, {"grpc", &Server::grpc_url}};
  for (const auto& [name, url] : kWires) {
    const std::string& wire = name;  // clang 14 captures no structured bindings
    auto own = ConnectClient((servers->own->*url)());
    if (!own) return own.status();
    auto other = ConnectClient((servers->other->*url)());
    if (!other) return other.status();
    int turn = 0;
    tql::Status status = ForEachPair(bench, "SELECT over " + wire, [&]() -> tql::Status {
      const auto seconds =
          InTurn(&turn, [&](bool is_own) { return TimeSelectAll(is_own ? *own : *other, rows); });
      if (!seconds) return seconds.status();
      AddSpeed(bench, "against/" + wire, "SELECT * over " + wire, static_cast<double>(rows),
               "rows/s", *seconds);
      return {};
    });
    if (!status.ok()) return status;
  }
  return {};
}

tql::Status MeasureShellAgainst(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const std::vector<std::string> own_shell = CsvShell(bench.options().tql, **server);
  const std::vector<std::string> other_shell = CsvShell(bench.options().against + "/tql", **server);
  int turn = 0;
  return ForEachPair(bench, "shell", [&]() -> tql::Status {
    const auto seconds = InTurn(&turn, [&](bool own) {
      return TimeProgram(own ? own_shell : other_shell, Process::Output::kNull, kPasswordVariable);
    });
    if (!seconds) return seconds.status();
    AddSpeed(bench, "against/shell", "tql --format csv", static_cast<double>(bench.options().rows),
             "rows/s", *seconds);
    return {};
  });
}

tql::Status MeasureScriptAgainst(Bench& bench) {
  const auto servers = LoadedServers(bench);
  if (!servers) return servers.status();
  auto own = ConnectClient(servers->own->http_url());
  if (!own) return own.status();
  auto other = ConnectClient(servers->other->http_url());
  if (!other) return other.status();
  int turn = 0;
  return ForEachPair(bench, "script", [&]() -> tql::Status {
    const std::string table = "inserts" + std::to_string(turn + 1);
    const auto seconds =
        InTurn(&turn, [&](bool is_own) { return TimeInsertScript(is_own ? *own : *other, table); });
    if (!seconds) return seconds.status();
    AddSpeed(bench, "against/script", "script of single-row INSERTs", kInserts, "statements/s",
             *seconds);
    return {};
  });
}

}  // namespace tqlbench

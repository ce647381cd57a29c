// Start, idle memory and stop of the server.
#include <signal.h>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/measurements.h"

namespace tqlbench {
namespace {

constexpr int kIdleClients = 8;
constexpr int kStreamingClients = 2;

}  // namespace

tql::Status MeasureStart(Bench& bench) {
  // From the second start on, the program's files are in the page cache.
  if (auto first = Server::Start(bench.options().tqlmockd); !first) return first.status();
  return ForEachPair(bench, "start", [&]() -> tql::Status {
    auto server = Server::Start(bench.options().tqlmockd);
    if (!server) return server.status();
    bench.recorder().Add("start", server->start_seconds() * 1e3);
    bench.recorder().Add("idle-memory",
                         static_cast<double>(MemoryOf(server->process().pid()).resident) / 1048576);
    return {};
  });
}

tql::Status MeasureStop(Bench& bench) {
  return ForEachPair(bench, "stop", [&]() -> tql::Status {
    auto server = Server::Start(bench.options().tqlmockd);
    if (!server) return server.status();
    std::vector<Session> sessions;
    for (int i = 0; i < kIdleClients + kStreamingClients; ++i) {
      auto session = Session::Login(server->http_port());
      if (!session) return session.status();
      sessions.push_back(std::move(*session));
    }
    tql::Status loaded = LoadLineitem(sessions[0], 2000, 1, [](std::uint64_t) {});
    if (!loaded.ok()) return loaded;
    // 4 million rows cannot be finished before the signal, because nobody reads them.
    for (int i = 0; i < kStreamingClients; ++i) {
      Session& session = sessions[static_cast<std::size_t>(kIdleClients + i)];
      tql::Status status = session.socket().Send(
          session.RequestOf("SELECT a.l_comment, b.l_comment FROM lineitem a, lineitem b;"));
      if (status.ok()) status = session.socket().ReceiveSome();
      if (!status.ok()) return status;
    }
    tql::Status stopped;
    const double seconds = TimeOf([&] {
      server->process().Signal(SIGTERM);
      stopped = server->process().Wait();
    });
    bench.recorder().Add("stop", seconds * 1e3);
    return stopped;
  });
}

}  // namespace tqlbench

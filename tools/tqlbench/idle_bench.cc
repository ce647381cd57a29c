// A thousand clients that are connected and silent: their memory, the CPU that they cost, and what
// a new client notices of them.
#include <unistd.h>

#include <chrono>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/client_rows.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/stats.h"

namespace tqlbench {
namespace {

constexpr int kLogins = 20;
constexpr std::chrono::seconds kRest{3};

// User and system time of a process so far, in clock ticks: fields 14 and 15 of /proc/PID/stat,
// counted behind the name, which may contain blanks.
std::uint64_t CpuTicks(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string stat;
  std::getline(file, stat);
  std::istringstream fields(stat.substr(stat.rfind(')') + 1));
  std::string skipped;
  for (int i = 0; i < 11; ++i) fields >> skipped;
  std::uint64_t user = 0;
  std::uint64_t system = 0;
  fields >> user >> system;
  return user + system;
}

// The median of some connects with login and a statement, each over TLS on a new connection.
tql::StatusOr<double> NewClientSeconds(const Server& server) {
  std::vector<double> seconds;
  for (int i = 0; i < kLogins; ++i) {
    tql::Status status;
    seconds.push_back(TimeOf([&] {
      auto client = ConnectClient(server.https_url());
      status = client ? client->Execute("SHOW DATABASES;").status : client.status();
    }));
    if (!status.ok()) return status;
  }
  return Summarize(seconds).median;
}

}  // namespace

tql::Status MeasureIdleConnections(Bench& bench) {
  const int connections = bench.options().idle_connections;
  return ForEachPair(bench, "idle connections", [&]() -> tql::Status {
    auto server = Server::Start(bench.options().tqlmockd);
    if (!server) return server.status();
    auto session = Session::Login(server->http_port());
    if (!session) return session.status();
    if (auto made = session->Run("CREATE DATABASE bench;"); !made) return made.status();
    const auto alone = NewClientSeconds(*server);
    if (!alone) return alone.status();
    const pid_t pid = server->process().pid();
    const std::uint64_t before = MemoryOf(pid).resident;
    const std::string port = server->https_url().substr(server->https_url().rfind(':') + 1);
    auto clients =
        Process::Start({ProgramPath(), "part", "idle-clients", port, std::to_string(connections)},
                       Process::Output::kPipe, {}, true);
    if (!clients) return clients.status();
    if (auto ready = clients->ReadLine(std::chrono::minutes(2)); !ready) return ready.status();
    const double bytes = static_cast<double>(MemoryOf(pid).resident) - static_cast<double>(before);
    const std::uint64_t ticks = CpuTicks(pid);
    std::this_thread::sleep_for(kRest);
    const double cpu = static_cast<double>(CpuTicks(pid) - ticks) /
                       static_cast<double>(::sysconf(_SC_CLK_TCK) * kRest.count());
    const auto beside = NewClientSeconds(*server);
    if (!beside) return beside.status();
    bench.recorder().Add("idle-connections/memory", bytes / connections / 1024);
    bench.recorder().Add("idle-connections/cpu", cpu * 100);
    bench.recorder().Add("idle-connections/latency", *beside / *alone);
    bench.recorder().Detail("login and statement of a new client", "ms", *alone * 1e3);
    if (tql::Status told = clients->WriteLine("end"); !told.ok()) return told;
    return clients->Wait();
  });
}

}  // namespace tqlbench

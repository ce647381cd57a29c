#include "tools/tqlbench/parts.h"

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "tools/tqlbench/callgrind.h"
#include "tools/tqlbench/client_rows.h"
#include "tools/tqlbench/echo_peer.h"
#include "tools/tqlbench/idle_clients.h"
#include "tools/tqlbench/process.h"

namespace tqlbench {
namespace {

// Reads all rows and prints their number and this process's peak memory.
int ReadAllRows(const std::string& url, const std::string& statement) {
  auto client = ConnectClient(url);
  tql::Status status = client.status();
  if (client) {
    const auto read = ReadRows(*client, statement);
    if (read) std::cout << read->rows << " " << MemoryOf(::getpid()).peak << std::endl;
    status = read.status();
  }
  if (status.ok()) return 0;
  std::cerr << "tqlbench: " << status << "\n";
  return 1;
}

}  // namespace

int RunPart(const std::vector<std::string>& arguments) {
  const std::string name = arguments.empty() ? "" : arguments[0];
  if (name == "echo" && arguments.size() == 2) {
    return RunEchoPeer(std::strtoull(arguments[1].c_str(), nullptr, 10));
  }
  if (name == "idle-clients" && arguments.size() == 3) {
    return RunIdleClients(std::atoi(arguments[1].c_str()),
                          std::strtoull(arguments[2].c_str(), nullptr, 10));
  }
  if (name == "rows" && arguments.size() == 3) return ReadAllRows(arguments[1], arguments[2]);
  if (name == "codec" && arguments.size() == 3) {
    return RunCodecPasses(arguments[1], std::strtoull(arguments[2].c_str(), nullptr, 10)) ? 0 : 1;
  }
  return 1;
}

}  // namespace tqlbench

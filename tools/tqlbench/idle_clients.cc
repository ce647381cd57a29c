#include "tools/tqlbench/idle_clients.h"

#include <httplib.h>

#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace tqlbench {

int RunIdleClients(int port, std::size_t count) {
  std::vector<std::unique_ptr<httplib::SSLClient>> clients;
  for (std::size_t i = 0; i < count; ++i) {
    auto& client = clients.emplace_back(std::make_unique<httplib::SSLClient>("127.0.0.1", port));
    client->enable_server_certificate_verification(false);  // made when the server started
    client->set_keep_alive(true);
    const httplib::Result answer = client->Get("/healthz");
    if (!answer || answer->status != 200) {
      std::cerr << "tqlbench: connection " << i + 1 << " of " << count << " failed\n";
      return 1;
    }
  }
  std::cout << "ready" << std::endl;
  std::string line;
  std::getline(std::cin, line);
  return 0;
}

}  // namespace tqlbench

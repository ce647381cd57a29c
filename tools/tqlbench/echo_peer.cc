#include "tools/tqlbench/echo_peer.h"

#include <httplib.h>

#include <iostream>
#include <string>

namespace tqlbench {

int RunEchoPeer(std::size_t body_bytes) {
  const std::string body(body_bytes, 'x');
  httplib::Server server;
  server.set_tcp_nodelay(true);
  server.set_keep_alive_max_count(1'000'000'000);
  server.set_keep_alive_timeout(60);
  server.new_task_queue = [] { return new httplib::ThreadPool(72); };
  server.Post(".*", [&body](const httplib::Request&, httplib::Response& response) {
    response.set_content(body, "application/octet-stream");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  if (port <= 0) {
    std::cerr << "tqlbench: cannot bind a port\n";
    return 1;
  }
  std::cout << port << std::endl;
  return server.listen_after_bind() ? 0 : 1;
}

}  // namespace tqlbench

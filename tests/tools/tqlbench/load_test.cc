#include "tools/tqlbench/load.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <chrono>
#include <thread>

namespace tqlbench {
namespace {

TEST(LoadTest, RunsUntilTheFirstResponse) {
  httplib::Server server;
  server.Get("/", [](const httplib::Request&, httplib::Response& response) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    response.set_content("slow", "text/plain");
  });
  const int port = server.bind_to_any_port("127.0.0.1");
  std::thread serving([&] { server.listen_after_bind(); });
  const auto load =
      RunLoad(static_cast<std::uint16_t>(port), {"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"}, 1,
              std::chrono::milliseconds(1));
  server.stop();
  serving.join();
  ASSERT_TRUE(load) << load.status().message();
  EXPECT_EQ(load->requests, 1u);
  EXPECT_GE(load->seconds, 0.05);
}

}  // namespace
}  // namespace tqlbench

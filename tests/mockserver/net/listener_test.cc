#include "mockserver/net/listener.h"

#include <gtest/gtest.h>

namespace tql::net {
namespace {

TEST(ListenerTest, ReadsEndpoints) {
  EXPECT_EQ(ParseEndpoint("127.0.0.1:0")->port, 0);
  EXPECT_EQ(ParseEndpoint("[::1]:8080")->host, "::1");
  EXPECT_EQ(EndpointText(*ParseEndpoint("[::1]:8080")), "[::1]:8080");
  for (const char* bad : {"", "8080", ":1", "a:", "a:x", "a:65536", "a:-1", "::1:80", "[::1]"}) {
    EXPECT_EQ(ParseEndpoint(bad).status().code(), StatusCode::kInvalidArgument) << bad;
  }
}

TEST(ListenerTest, KnowsLoopbackAddresses) {
  EXPECT_TRUE(IsLoopback({"127.8.0.1", 1}));
  EXPECT_TRUE(IsLoopback({"::1", 1}));
  EXPECT_TRUE(IsLoopback({"localhost", 1}));
  EXPECT_FALSE(IsLoopback({"0.0.0.0", 1}));
  EXPECT_FALSE(IsLoopback({"::", 1}));
  EXPECT_FALSE(IsLoopback({"127.example.com", 1}));
}

TEST(ListenerTest, PortInUseIsAnError) {
  const StatusOr<Listener> first = Listener::Open({"127.0.0.1", 0});
  ASSERT_TRUE(first.ok()) << first.status();
  EXPECT_GT(first->endpoint().port, 0);
  const StatusOr<Listener> second = Listener::Open({"127.0.0.1", first->endpoint().port});
  EXPECT_EQ(second.status().code(), StatusCode::kUnavailable);
}

}  // namespace
}  // namespace tql::net

#include "mockserver/net/acceptor.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <future>
#include <utility>

namespace tql::net {
namespace {

constexpr std::chrono::seconds kPatience{20};

/// A client on 127.0.0.1.
class Connection {
 public:
  ~Connection() { close(fd_); }
  Connection() = default;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  int fd() const { return fd_; }
  bool Connect(int port) const {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return connect(fd_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) == 0;
  }

 private:
  const int fd_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
};

class AcceptorTest : public ::testing::Test {
 protected:
  void Start(Acceptor::Take take) {
    StatusOr<Listener> listener = Listener::Open({"127.0.0.1", 0});
    ASSERT_TRUE(listener.ok()) << listener.status();
    port_ = listener->endpoint().port;
    auto started = Acceptor::Start(*std::move(listener), std::move(take));
    ASSERT_TRUE(started.ok()) << started.status();
    acceptor_ = *std::move(started);
  }

  int port_ = 0;
  std::unique_ptr<Acceptor> acceptor_;
};

TEST_F(AcceptorTest, PassesConnectionsOn) {
  std::promise<int> accepted;
  Start([&](int fd) { accepted.set_value(fd); });
  const Connection client;
  ASSERT_TRUE(client.Connect(port_));
  auto future = accepted.get_future();
  ASSERT_EQ(future.wait_for(kPatience), std::future_status::ready);
  const int fd = future.get();
  EXPECT_NE(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_NE(fcntl(fd, F_GETFD) & FD_CLOEXEC, 0);
  int no_delay = 0;
  socklen_t size = sizeof(no_delay);
  EXPECT_EQ(getsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &no_delay, &size), 0);
  EXPECT_NE(no_delay, 0);
  EXPECT_EQ(send(client.fd(), "x", 1, MSG_NOSIGNAL), 1);
  char byte = 0;
  fcntl(fd, F_SETFL, 0);  // waits
  EXPECT_EQ(recv(fd, &byte, 1, 0), 1);
  EXPECT_EQ(byte, 'x');
  close(fd);
}

TEST_F(AcceptorTest, ClosesThePort) {
  Start([](int fd) { close(fd); });
  ASSERT_TRUE(Connection().Connect(port_));
  acceptor_.reset();
  EXPECT_FALSE(Connection().Connect(port_));
}

TEST_F(AcceptorTest, WaitsForADescriptor) {
  std::promise<int> accepted;
  auto future = accepted.get_future();
  Start([&](int fd) { accepted.set_value(fd); });
  const Connection client;
  rlimit before{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
  rlimit none_left = before;
  none_left.rlim_cur = static_cast<rlim_t>(client.fd()) + 1;  // it got the lowest free number
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none_left), 0);
  const bool connected = client.Connect(port_);
  const bool early = future.wait_for(std::chrono::milliseconds(120)) == std::future_status::ready;
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_TRUE(connected);
  EXPECT_FALSE(early);
  ASSERT_EQ(future.wait_for(kPatience), std::future_status::ready);
  close(future.get());
}

}  // namespace
}  // namespace tql::net

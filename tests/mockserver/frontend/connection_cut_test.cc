#include "mockserver/frontend/grpc/connection_cut.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <string>
#include <utility>

namespace tql::frontend {
namespace {

/// A connection within this process, accepted at the listener.
class Connected {
 public:
  explicit Connected(const net::Listener& listener) : client_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(listener.endpoint().port));
    inet_pton(AF_INET, listener.endpoint().host.c_str(), &address.sin_addr);
    EXPECT_EQ(connect(client_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    pollfd waiting{listener.fd(), POLLIN, 0};
    EXPECT_EQ(poll(&waiting, 1, -1), 1);
    server_ = accept(listener.fd(), nullptr, nullptr);
    EXPECT_GE(server_, 0);
  }
  ~Connected() {
    close(client_);
    close(server_);
  }
  Connected(const Connected&) = delete;
  Connected& operator=(const Connected&) = delete;

  /// Sends until the buffers of the client, which reads nothing, are full.
  void Fill() const {
    const std::string bytes(1 << 16, 'x');
    while (send(server_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL) > 0) {
    }
  }
  bool Cut() const { return send(server_, "x", 1, MSG_DONTWAIT | MSG_NOSIGNAL) < 0; }

 private:
  const int client_;
  int server_ = -1;
};

TEST(ConnectionCutTest, CutsUnreadConnection) {
  const net::Listener listener = *net::Listener::Open({"127.0.0.1", 0});
  const Connected idle(listener);
  const Connected unread(listener);
  unread.Fill();
  CutConnections(listener.endpoint(), Cut::kUnread);
  EXPECT_FALSE(idle.Cut());
  EXPECT_TRUE(unread.Cut());
  CutConnections(listener.endpoint(), Cut::kAll);
  EXPECT_TRUE(idle.Cut());
}

TEST(ConnectionCutTest, OtherEndsStay) {
  const net::Listener listener = *net::Listener::Open({"127.0.0.1", 0});
  const net::Listener other_port = *net::Listener::Open({"127.0.0.1", 0});
  const net::Listener other_host = *net::Listener::Open({"127.0.0.2", listener.endpoint().port});
  const Connected ours(listener);
  const Connected port(other_port);
  const Connected host(other_host);
  CutConnections(listener.endpoint(), Cut::kAll);
  EXPECT_TRUE(ours.Cut());
  EXPECT_FALSE(port.Cut());
  EXPECT_FALSE(host.Cut());
}

TEST(ConnectionCutTest, WildcardAndNameMatchAnyAddress) {
  for (const char* host : {"0.0.0.0", "::", "localhost"}) {
    const net::Listener listener = *net::Listener::Open({"127.0.0.1", 0});
    const Connected connected(listener);
    CutConnections({host, listener.endpoint().port}, Cut::kAll);
    EXPECT_TRUE(connected.Cut()) << host;
  }
}

}  // namespace
}  // namespace tql::frontend

#include "mockserver/frontend/http/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace tql::frontend {
namespace {

class Client {
 public:
  explicit Client(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
  }
  ~Client() { close(fd_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  void Send(const std::string& bytes) {
    ASSERT_EQ(send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  /// False once the connection is torn down.
  bool TrySend(const std::string& bytes) {
    return send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL) ==
           static_cast<ssize_t>(bytes.size());
  }
  /// Returns what arrives up to `end`, or up to the end of the connection.
  std::string ReadUntil(const std::string& end) {
    while (received_.find(end) == std::string::npos) {
      char buffer[4096];
      const ssize_t n = recv(fd_, buffer, sizeof(buffer), 0);
      if (n <= 0) return std::exchange(received_, {});
      received_.append(buffer, static_cast<std::size_t>(n));
    }
    const std::size_t size = received_.find(end) + end.size();
    std::string text = received_.substr(0, size);
    received_.erase(0, size);
    return text;
  }
  std::string ReadAll() { return ReadUntil(std::string(1, '\0') + "never"); }

 private:
  int fd_;
  std::string received_;
};

class HttpServerTest : public testing::Test {
 protected:
  void Serve(HttpServer::Options options, HttpHandler handler) {
    server_ = std::make_unique<HttpServer>(options, std::move(handler));
    StatusOr<net::Listener> listener = net::Listener::Open({"127.0.0.1", 0});
    ASSERT_TRUE(listener.ok()) << listener.status();
    port_ = listener->endpoint().port;
    server_->Listen(*std::move(listener), nullptr);
    ASSERT_TRUE(server_->Start().ok());
  }
  static void Echo(const HttpRequest& request, const std::string&, ResponseWriter& response) {
    response.Send(200, "text/plain", request.body + "!");
  }
  std::unique_ptr<HttpServer> server_;
  int port_ = 0;
};

const char kGet[] = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

TEST_F(HttpServerTest, AnswersPipelinedRequestsInOrder) {
  Serve({}, Echo);
  Client client(port_);
  client.Send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na"
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\nb");
  const std::string head =
      "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\n";
  EXPECT_EQ(client.ReadUntil("a!"), head + "a!");
  EXPECT_EQ(client.ReadUntil("b!"), head + "b!");
}

TEST_F(HttpServerTest, IncompleteRequestsDoNotOccupyThreads) {
  Serve({.max_threads = 1, .connection = {}}, Echo);
  Client half_head(port_);
  half_head.Send("GET / HT");
  Client half_body(port_);
  half_body.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc");
  std::vector<std::unique_ptr<Client>> idle;
  for (int i = 0; i < 300; ++i) idle.push_back(std::make_unique<Client>(port_));
  Client other(port_);
  other.Send(kGet);
  EXPECT_NE(other.ReadUntil("!").find("200 OK"), std::string::npos);
  half_body.Send("defghi");
  EXPECT_NE(half_body.ReadUntil("!").find("abcdefghi!"), std::string::npos);
}

TEST_F(HttpServerTest, SlowRequestTimesOut) {
  HttpServer::Options options;
  options.connection.header = std::chrono::milliseconds(1);
  Serve(options, Echo);
  Client client(port_);
  client.Send("GET / HT");
  EXPECT_NE(client.ReadAll().find("HTTP/1.1 408 "), std::string::npos);
}

TEST_F(HttpServerTest, StreamsWithAndWithoutChunks) {
  Serve({}, [](const HttpRequest&, const std::string&, ResponseWriter& response) {
    response.Start(200, "application/octet-stream");
    response.Write("abc");
    response.Write("de");
    response.Finish();
  });
  Client client(port_);
  client.Send(kGet);
  EXPECT_TRUE(client.ReadUntil("0\r\n\r\n").ends_with("\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
  Client old(port_);
  old.Send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_TRUE(old.ReadAll().ends_with("Connection: close\r\n\r\nabcde"));
}

TEST_F(HttpServerTest, AnExceptionLeaksNothing) {
  Serve({}, [](const HttpRequest&, const std::string&, ResponseWriter&) {
    throw std::runtime_error("secret");
  });
  Client client(port_);
  client.Send(kGet);
  const std::string answer = client.ReadUntil("}}\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 "));
  EXPECT_EQ(answer.find("secret"), std::string::npos);
}

TEST_F(HttpServerTest, RejectedClientReceivesResponse) {
  HttpServer::Options options;
  options.connection.request.max_body_bytes = 10;
  Serve(options, Echo);
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n" +
              std::string(70000, 'x'));
  EXPECT_TRUE(client.ReadAll().starts_with("HTTP/1.1 413 "));
}

/// A body that is sent slowly after it was refused: until the server tears the connection down, and
/// in pieces of `piece` bytes. Answers how many bytes were sent.
std::size_t SendSlowly(Client& client, std::size_t most, std::size_t piece) {
  std::size_t sent = 0;
  while (sent < most && client.TrySend(std::string(piece, 'x'))) {
    sent += piece;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return sent;
}

const char kLongPost[] = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 400\r\n\r\n";

TEST_F(HttpServerTest, SlowRejectedRequestIsRead) {
  HttpServer::Options options;
  options.connection.request.max_body_bytes = 10;
  options.connection.linger = std::chrono::milliseconds(500);
  Serve(options, Echo);
  Client client(port_);
  client.Send(kLongPost);
  // Longer than the server waits for a client that is silent.
  EXPECT_EQ(SendSlowly(client, 100 * 4, 4), 400U);
  EXPECT_TRUE(client.ReadAll().starts_with("HTTP/1.1 413 "));
}

TEST_F(HttpServerTest, DrainOfRejectedRequestHasTimeout) {
  HttpServer::Options options;
  options.connection.request.max_body_bytes = 10;
  options.connection.linger_all = std::chrono::milliseconds(200);
  Serve(options, Echo);
  Client client(port_);
  client.Send(kLongPost);
  EXPECT_LT(SendSlowly(client, 4000, 1), 4000U);
}

TEST_F(HttpServerTest, DrainOfRejectedRequestHasSizeLimit) {
  HttpServer::Options options;
  options.connection.request.max_body_bytes = 10;
  options.connection.linger_bytes = 10'000;
  Serve(options, Echo);
  Client client(port_);
  client.Send(kLongPost);
  EXPECT_LT(SendSlowly(client, 10'000'000, 5'000), 10'000'000U);
}

TEST_F(HttpServerTest, AnswersExpectContinue) {
  Serve({}, Echo);
  Client client(port_);
  client.Send("POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.Send("hi");
  EXPECT_NE(client.ReadUntil("hi!").find("200 OK"), std::string::npos);
}

TEST_F(HttpServerTest, StopClosesIdleAndStreamingConnections) {
  Serve({}, [](const HttpRequest&, const std::string&, ResponseWriter& response) {
    response.Start(200, "application/octet-stream");
    const std::string piece(1 << 16, 'x');
    while (response.Write(piece)) {
    }
  });
  Client idle(port_);
  Client streaming(port_);
  streaming.Send(kGet);
  streaming.ReadUntil("\r\n\r\n");
  server_->Stop(std::chrono::milliseconds(1));
  EXPECT_EQ(idle.ReadAll(), "");
  EXPECT_FALSE(streaming.ReadAll().ends_with("0\r\n\r\n"));
}

}  // namespace
}  // namespace tql::frontend

#include "mockserver/frontend/http/http_server.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <fstream>
#include <memory>
#include <sstream>
#include <stdexcept>
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
      if (n <= 0) {
        was_reset_ = n < 0 && errno == ECONNRESET;
        return std::exchange(received_, {});
      }
      received_.append(buffer, static_cast<std::size_t>(n));
    }
    const std::size_t size = received_.find(end) + end.size();
    std::string text = received_.substr(0, size);
    received_.erase(0, size);
    return text;
  }
  std::string ReadAll() { return ReadUntil(std::string(1, '\0') + "never"); }
  bool was_reset() const { return was_reset_; }

 private:
  int fd_;
  bool was_reset_ = false;
  std::string received_;
};

class HttpServerTest : public testing::Test {
 protected:
  void Serve(HttpServer::Options options, const HttpHandler& handler,
             BodyMode body = BodyMode::kWhole) {
    router_.Add("GET", "/", handler);
    router_.Add("POST", "/", handler, body);
    server_ = std::make_unique<HttpServer>(std::move(options), router_);
    StatusOr<net::Listener> listener = net::Listener::Open({"127.0.0.1", 0});
    ASSERT_TRUE(listener.ok()) << listener.status();
    port_ = listener->endpoint().port;
    ASSERT_EQ(server_->Listen(*std::move(listener), nullptr), Status());
    ASSERT_TRUE(server_->Start().ok());
  }
  static HttpResponse Echo(const HttpCall& call) {
    return {.content_type = "text/plain", .headers = {}, .body = call.request.body + "!"};
  }
  static HttpResponse Stream(std::function<std::optional<HttpResponse>(BodyWriter&)> stream) {
    return {.content_type = "application/octet-stream",
            .headers = {},
            .body = "",
            .stream = std::move(stream)};
  }
  Router router_;
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
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n"
      "Keep-Alive: timeout=300\r\n\r\n";
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
  const std::string answer = client.ReadAll();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
  EXPECT_NE(answer.find("The headers of the request are incomplete after 1 second: found 8 bytes, "
                        "expected an empty line."),
            std::string::npos)
      << answer;
}

TEST_F(HttpServerTest, SlowBodyTimesOut) {
  HttpServer::Options options;
  options.connection.body = std::chrono::milliseconds(1);
  Serve(options, Echo);
  const auto why = [&](const std::string& rest) {
    Client client(port_);
    client.Send("POST / HTTP/1.1\r\nHost: x\r\n" + rest);
    const std::string answer = client.ReadAll();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
    const std::size_t start = answer.find("\"message\":\"") + 11;
    return answer.substr(start, answer.find('"', start) - start);
  };
  EXPECT_EQ(why("Content-Length: 9\r\n\r\nabc"),
            "The body of the request is incomplete after 1 second: found 3 bytes of 9.");
  EXPECT_EQ(why("Transfer-Encoding: chunked\r\n\r\n2\r\nab"),
            "The body of the request is incomplete after 1 second: found 2 bytes, expected the "
            "last chunk.");
}

TEST_F(HttpServerTest, RefusalOfHeadRequestHasNoBody) {
  HttpServer::Options options;
  options.connection.request.max_header_bytes = 100;
  Serve(options, Echo);
  for (const std::string& rest : {"/" + std::string(200, 'a'), std::string("/ HTTP/3\r\n\r\n")}) {
    Client client(port_);
    client.Send("HEAD " + rest);
    const std::string answer = client.ReadAll();
    EXPECT_TRUE(answer.starts_with(rest.size() > 100 ? "HTTP/1.1 414 " : "HTTP/1.1 505 "))
        << answer;
    EXPECT_TRUE(answer.ends_with("\r\n\r\n")) << answer;
  }
}

TEST_F(HttpServerTest, ResponseToUnroutedRequestWithBadBodyAnnouncesClose) {
  Serve({}, Echo);
  for (const std::string target : {"POST /nowhere", "DELETE /"}) {
    Client client(port_);
    client.Send(target + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    const std::string answer = client.ReadAll();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 40")) << answer;
    EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos) << answer;
  }
}

TEST_F(HttpServerTest, StreamsWithAndWithoutChunks) {
  Serve({}, [](const HttpCall&) {
    return Stream([](BodyWriter& body) {
      body.Write("abc");
      body.Flush();
      body.Write("de");
      return std::nullopt;
    });
  });
  Client client(port_);
  client.Send(kGet);
  EXPECT_TRUE(
      client.ReadUntil("\n0\r\n\r\n").ends_with("\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"));
  Client old(port_);
  old.Send("GET / HTTP/1.0\r\n\r\n");
  const std::string answer = old.ReadAll();
  EXPECT_NE(answer.find("\r\nConnection: close\r\n"), std::string::npos) << answer;
  EXPECT_EQ(answer.find("chunked"), std::string::npos) << answer;
  EXPECT_TRUE(answer.ends_with("\r\n\r\nabcde")) << answer;
}

TEST_F(HttpServerTest, HeaderOfSeveralLinesIsLeftOut) {
  Serve({}, [](const HttpCall&) {
    HttpResponse response;
    response.headers = {{"A", "b\r\nC: d"}, {"E\n", "f"}, {"G", "h"}};
    return response;
  });
  Client client(port_);
  client.Send(kGet);
  EXPECT_EQ(client.ReadUntil("\r\n\r\n"),
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nG: h\r\nKeep-Alive: timeout=300\r\n\r\n");
}

TEST_F(HttpServerTest, AnExceptionLeaksNothing) {
  Serve({}, [](const HttpCall&) -> HttpResponse { throw std::runtime_error("secret"); });
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

// Clients that send a byte every few milliseconds, longer than this test may take, hold no worker.
TEST_F(HttpServerTest, DrippingRequestsKeepNobodyWaiting) {
  HttpServer::Options options;
  options.max_threads = 1;
  options.connection.body = std::chrono::hours(1);
  Serve(std::move(options), Echo);
  std::vector<std::unique_ptr<Client>> dripping;
  for (int i = 0; i < 3; ++i) {
    dripping.push_back(std::make_unique<Client>(port_));
    dripping.back()->Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
  }
  std::jthread drip([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) {
      for (const auto& client : dripping) client->TrySend(" ");
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  });
  for (int i = 0; i < 3; ++i) {
    Client client(port_);
    client.Send("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    EXPECT_TRUE(client.ReadAll().starts_with("HTTP/1.1 200 "));
  }
}

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

TEST_F(HttpServerTest, ErrorReplacesUnsentResponse) {
  Serve({}, [](const HttpCall&) {
    return Stream([](BodyWriter& body) {
      body.Write("unsent");
      return ErrorResponse(503, "stopped");
    });
  });
  Client client(port_);
  client.Send(kGet);
  const std::string answer = client.ReadUntil("}}\n");
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_EQ(answer.find("unsent"), std::string::npos) << answer;
  client.Send(kGet);  // The connection remains usable.
  EXPECT_TRUE(client.ReadUntil("}}\n").starts_with("HTTP/1.1 503 "));
}

TEST_F(HttpServerTest, ErrorCutsStartedResponse) {
  for (const bool throws : {false, true}) {
    router_ = Router();
    Serve({}, [throws](const HttpCall&) {
      return Stream([throws](BodyWriter& body) -> std::optional<HttpResponse> {
        body.Write("sent");
        body.Flush();
        if (throws) throw std::runtime_error("secret");
        return ErrorResponse(503, "stopped");
      });
    });
    Client client(port_);
    client.Send(kGet);
    const std::string answer = client.ReadAll();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer;
    EXPECT_TRUE(answer.ends_with("4\r\nsent\r\n")) << answer;
    server_.reset();
  }
}

TEST_F(HttpServerTest, UnreadBodyIsSkipped) {
  Serve({}, Echo);
  Client client(port_);
  client.Send(
      "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nGET /"
      "POST /nowhere HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nlast");
  EXPECT_TRUE(client.ReadUntil("!").starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(client.ReadUntil("}}\n").starts_with("HTTP/1.1 404 "));
  EXPECT_TRUE(client.ReadUntil("last!").starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, BodyLimitDependsOnHead) {
  HttpServer::Options options;
  options.connection.request.body_allowance =
      [](const HttpRequest& head) -> std::optional<BodyAllowance> {
    if (head.Header("Who") != "me") return BodyAllowance{3, 401, "who are you?"};
    return std::nullopt;
  };
  Serve(std::move(options), Echo);
  const auto status = [&](const std::string& rest) {
    Client client(port_);
    client.Send("POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + rest);
    return client.ReadAll().substr(9, 3);
  };
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\n";
  EXPECT_EQ(status("Content-Length: 3\r\n\r\nabc"), "200");
  EXPECT_EQ(status("Content-Length: 4\r\n\r\n"), "401");
  EXPECT_EQ(status(chunked + "2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"), "200");
  EXPECT_EQ(status(chunked + "2\r\nab\r\n2\r\n"), "401");
  EXPECT_EQ(status("Who: me\r\nContent-Length: 4\r\n\r\nabcd"), "200");
  // The client does not send a body that would be refused.
  EXPECT_EQ(status("Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"), "401");
  EXPECT_EQ(status("Expect: 100-continue\r\n" + chunked), "401");
  EXPECT_EQ(status("Who: me\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"), "100");
}

TEST_F(HttpServerTest, RefusalOfLongBodyNamesSizeAndLimit) {
  HttpServer::Options options;
  options.connection.request.max_body_bytes = 10;
  Serve(std::move(options), Echo);
  const auto answer = [&](const std::string& rest) {
    Client client(port_);
    client.Send("POST / HTTP/1.1\r\nHost: x\r\n" + rest);
    return client.ReadAll();
  };
  EXPECT_NE(
      answer("Content-Length: 11\r\n\r\n").find("The body has 11 bytes, expected at most 10."),
      std::string::npos);
  EXPECT_NE(answer("Transfer-Encoding: chunked\r\n\r\n8\r\n01234567\r\n4\r\n")
                .find("The body has at least 12 bytes, expected at most 10."),
            std::string::npos);
}

/// Sends a form in pieces or chunks of `step` bytes. Returns the status and body of the response.
std::string SendForm(int port, const std::string& type, const std::string& body, std::size_t step,
                     bool chunked) {
  Client client(port);
  std::string head = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: " + type;
  head += chunked ? "\r\nTransfer-Encoding: chunked"
                  : "\r\nContent-Length: " + std::to_string(body.size());
  client.Send(head + "\r\n\r\n");
  for (std::size_t at = 0; at < body.size(); at += step) {
    const std::string piece = body.substr(at, step);
    client.Send(chunked ? (std::ostringstream() << std::hex << piece.size()).str() + "\r\n" +
                              piece + "\r\n"
                        : piece);
  }
  if (chunked) client.Send("0\r\n\r\n");
  const std::string answer = client.ReadAll();
  return answer.substr(9, 3) + " " + answer.substr(answer.find("\r\n\r\n") + 4);
}

class HttpFormTest : public HttpServerTest {
 protected:
  /// Responds with the name, the file name and the bytes of each part.
  static HttpResponse EchoForm(const HttpCall& call) {
    HttpResponse response;
    response.content_type = "text/plain";
    response.body = call.request.body;
    if (call.request.form) {
      for (const FormPart& part : *call.request.form) {
        response.body += part.name + "|" + part.filename + "|" + part.body + ";";
      }
    }
    return response;
  }
};

TEST_F(HttpFormTest, ReadsPartsInOrderAtEverySplit) {
  Serve({}, EchoForm, BodyMode::kForm);
  const std::string type = "Multipart/Form-Data; charset=x; boundary=\"b %41b\"";
  const std::string body =
      "preamble\r\n--b %41b\r\nContent-Disposition: form-data; name=\"z\"\r\n\r\none\r\n--b "
      "%41b\r\n"
      "content-disposition: form-data; name=\"f\"; filename=\"s.tql\"\r\nX: y\r\n\r\n\r\n--b "
      "%41b--\r\n";
  for (const bool chunked : {false, true}) {
    for (const std::size_t step : {1, 2, 3, 7, 20, 1000}) {
      EXPECT_EQ(SendForm(port_, type, body, step, chunked), "200 z||one;f|s.tql|;")
          << step << chunked;
    }
  }
}

TEST_F(HttpFormTest, OtherTypesAreNotForms) {
  Serve({}, EchoForm, BodyMode::kForm);
  EXPECT_EQ(SendForm(port_, "application/json", "{}", 10, false), "200 {}");
  EXPECT_TRUE(
      SendForm(port_, "multipart/form-data", "--b--", 10, false)
          .starts_with("400 {\"error\":{\"code\":400,\"message\":\"Bad Content-Type: found no "
                       "boundary, "));
}

/// The resident memory of the process in bytes.
std::size_t ResidentBytes() {
  std::ifstream file("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
}

TEST_F(HttpServerTest, AConnectionKeepsNoMemoryOfItsLastRequest) {
  constexpr std::size_t kBody = std::size_t{4} << 20;
  Serve({}, [](const HttpCall& call) {
    return ErrorResponse(200, std::to_string(call.request.body.size()));
  });
  const std::string request =
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(kBody) + "\r\n\r\n" +
      std::string(kBody, 'x');
  std::vector<std::unique_ptr<Client>> idle;
  [[maybe_unused]] const std::size_t before = ResidentBytes();
  for (int i = 0; i < 16; ++i) {
    idle.push_back(std::make_unique<Client>(port_));
    idle.back()->Send(request);
    EXPECT_NE(idle.back()->ReadUntil("}}\n").find(std::to_string(kBody)), std::string::npos);
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(TQLKIT_TSAN)  // They keep freed memory.
  EXPECT_LT(ResidentBytes(), before + idle.size() / 2 * kBody);
#endif
}

TEST_F(HttpFormTest, StreamsUploadsInConstantMemory) {
  constexpr std::size_t kPieces = 256;
  const std::string piece(std::size_t{256} << 10, 'x');
  std::atomic<std::size_t> most{0};
  HttpServer::Options options;
  options.connection.request.max_body_bytes = 1000;  // For routes that do not stream.
  Serve(
      std::move(options),
      [&](const HttpCall& call) {
        std::string parts;
        std::size_t bytes = 0;
        const bool read = call.body.ReadForm(
            [&](const FormPart& part) {
              parts += part.name + "|" + part.filename + ";";
              return true;
            },
            [&](std::string_view part) {
              const std::size_t looked = bytes >> 22;
              bytes += part.size();
              if (bytes >> 22 != looked) most = std::max<std::size_t>(most, ResidentBytes());
              return part.find_first_not_of('x') == std::string_view::npos;
            });
        return ErrorResponse(read ? 200 : 400, parts + std::to_string(bytes));
      },
      BodyMode::kStreamed);
  const std::string begin =
      "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"big.csv\"\r\n\r\n";
  const std::string end = "\r\n--b--\r\n";
  [[maybe_unused]] const std::size_t before = ResidentBytes();
  for (const bool chunked : {false, true}) {
    Client client(port_);
    const auto send = [&](const std::string& bytes) {
      client.Send(chunked ? (std::ostringstream() << std::hex << bytes.size()).str() + "\r\n" +
                                bytes + "\r\n"
                          : bytes);
    };
    client.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n" +
                (chunked ? "Transfer-Encoding: chunked"
                         : "Content-Length: " +
                               std::to_string(begin.size() + kPieces * piece.size() + end.size())) +
                "\r\n\r\n");
    send(begin);
    for (std::size_t i = 0; i < kPieces; ++i) send(piece);
    send(end);
    if (chunked) client.Send("0\r\n\r\n");
    const std::string answer = client.ReadUntil("}}\n");
    EXPECT_NE(answer.find("f|big.csv;" + std::to_string(kPieces * piece.size())), std::string::npos)
        << answer;
  }
#if !defined(__SANITIZE_ADDRESS__) && !defined(TQLKIT_TSAN)  // They keep freed memory.
  EXPECT_LT(most, before + (std::size_t{16} << 20));
#endif
}

TEST_F(HttpFormTest, ErrorOfMalformedFormNamesWhatWasFound) {
  Serve({}, EchoForm, BodyMode::kForm);
  const auto why = [&](const std::string& body, bool chunked = false) {
    const std::string answer =
        SendForm(port_, "multipart/form-data; boundary=b", body, 1 << 12, chunked);
    EXPECT_TRUE(answer.starts_with("400 ")) << answer;
    const std::string start = "\"message\":\"";
    const std::size_t at = answer.find(start) + start.size();
    return answer.substr(at, answer.find('"', at) - at);
  };
  std::string many;
  for (int i = 0; i < 200; ++i) many += "--b\r\n\r\nx\r\n";
  EXPECT_EQ(why(many + "--b--\r\n"), "Bad form: found more than 100 parts, expected at most 100.");
  EXPECT_EQ(why(""), "Bad form: found an empty body, expected a line '--b'.");
  EXPECT_EQ(why("no boundary"),
            "Bad form: found 'no boundary' at the start, expected a line '--b', headers and an "
            "empty line.");
  EXPECT_EQ(why("--b--\r\n"),
            "Bad form: found '--b--?\?' at the start, expected a line '--b', headers and an empty "
            "line.");
  EXPECT_EQ(why("--b\r\nno blank line\r\n--b--\r\n"),
            "Bad form: found '--b?\?no blank line?\?--b--?\?' at the start, expected a line '--b', "
            "headers and an empty line.");
  EXPECT_EQ(why("--b\r\n\r\nno end"),
            "Bad form: found '--b?\??\?no end' at the end, expected a line '--b--'.");
  EXPECT_EQ(why("--b\r\nX: " + std::string(9000, 'x') + "\r\n\r\n" + std::string(100'000, 'x') +
                "\r\n--b--\r\n"),
            "Bad form: a header of part 1 is too long.");
  // An invalid delimiter: the library would buffer everything after it.
  EXPECT_TRUE(
      why("--b\r\n\r\nx\r\n--bad" + std::string(1 << 20, 'x'))
          .ends_with(" bytes after part 1 without a line '--b', headers and an empty line."));
  // The error of the body's framing precedes that of the form.
  Client client(port_);
  client.Send(
      "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
      "Transfer-Encoding: chunked\r\n\r\n3\r\n--b\r\nzz\r\n");
  EXPECT_NE(client.ReadAll().find("Bad chunk: found 'zz'"), std::string::npos);
}

TEST_F(HttpServerTest, MemoryOfRequestsIsLimited) {
  HttpServer::Options options;
  options.max_buffered_bytes = 100'000;
  options.connection.memory = std::chrono::milliseconds(300);
  Serve(std::move(options), Echo);
  const std::string head = "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n";
  const std::string chunked = "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  Client first(port_);
  first.Send(head + "Content-Length: 90000\r\n\r\n");
  first.ReadUntil("100 Continue\r\n\r\n");
  first.Send("x");
  Client large(port_);
  std::string refused;
  // Only one request fits into the budget. The other one succeeds until the first reserves memory.
  do {
    Client other(port_);
    other.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000\r\n\r\n" +
               std::string(20'000, 'x'));
    refused = other.ReadUntil("\r\n\r\n");
  } while (refused.find(" 200 ") != std::string::npos);
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 503 ")) << refused;
  EXPECT_NE(refused.find("\r\nRetry-After: 1\r\n"), std::string::npos) << refused;
  large.Send(chunked + "4e20\r\n" + std::string(20'000, 'x') + "\r\n0\r\n\r\n");
  EXPECT_TRUE(large.ReadUntil("}}\n").starts_with("HTTP/1.1 503 "));
  Client small(port_);
  small.Send("POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n\r\na");
  EXPECT_TRUE(small.ReadUntil("a!").starts_with("HTTP/1.1 200 "));
  first.Send(std::string(89'999, 'x'));
  EXPECT_TRUE(first.ReadUntil("x!").starts_with("HTTP/1.1 200 "));
}

TEST_F(HttpServerTest, CutsAfterWhatWasWritten) {
  Serve({}, [](const HttpCall&) {
    return Stream([](BodyWriter& body) -> std::optional<HttpResponse> {
      body.Write("abc");
      body.End({.how = net::Cut::How::kClose, .released = {}});
      EXPECT_FALSE(body.Write("def"));
      return std::nullopt;
    });
  });
  Client client(port_);
  client.Send(kGet);
  EXPECT_TRUE(client.ReadAll().ends_with("\r\n\r\n3\r\nabc\r\n"));
}

TEST_F(HttpServerTest, CutsInsteadOfAResponse) {
  net::Cut::How how = net::Cut::How::kClose;
  std::atomic<bool> released = false;
  Serve({.max_threads = 1, .connection = {}}, [&](const HttpCall& call) {
    HttpResponse response = Echo(call);
    if (call.request.Header("X-Cut") == "yes") {
      response.cut = net::Cut{.how = how, .released = [&] { return released.load(); }};
    }
    return response;
  });
  const std::string cut = "GET / HTTP/1.1\r\nHost: x\r\nX-Cut: yes\r\n\r\n";
  for (how = net::Cut::How::kClose;; how = net::Cut::How::kReset) {
    Client client(port_);
    client.Send(cut);
    EXPECT_EQ(client.ReadAll(), "");
    EXPECT_EQ(client.was_reset(), how == net::Cut::How::kReset);
    if (how == net::Cut::How::kReset) break;
  }
  how = net::Cut::How::kStall;
  Client stalled(port_);
  stalled.Send(cut);
  Client other(port_);  // is answered although the only thread stalls
  other.Send(kGet);
  EXPECT_TRUE(other.ReadUntil("!").starts_with("HTTP/1.1 200 "));
  released = true;
  EXPECT_EQ(stalled.ReadAll(), "");
}

TEST_F(HttpServerTest, ChunkedBodiesBeyondTheBudgetProceedOneByOne) {
  constexpr int kClients = 8;
  HttpServer::Options options;
  options.max_buffered_bytes = 100'000;
  options.connection.memory = std::chrono::hours(1);
  Serve(std::move(options), Echo);
  std::vector<std::unique_ptr<Client>> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.push_back(std::make_unique<Client>(port_));
    clients.back()->Send(
        "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
  }
  const std::string piece = "4000\r\n" + std::string(0x4000, 'x') + "\r\n";
  for (int i = 0; i < 5; ++i) {
    for (const auto& client : clients) client->Send(piece);
  }
  for (const auto& client : clients) client->Send("0\r\n\r\n");
  for (const auto& client : clients) {
    const std::string answer = client->ReadAll();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 ")) << answer.substr(0, 500);
  }
}

TEST_F(HttpServerTest, StopClosesIdleAndStreamingConnections) {
  Serve({}, [](const HttpCall&) {
    return Stream([](BodyWriter& body) -> std::optional<HttpResponse> {
      const std::string piece(1 << 16, 'x');
      while (body.Write(piece)) {
      }
      return ErrorResponse(500, "cut");
    });
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

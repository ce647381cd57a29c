// The behaviour of cpp-httplib that mockserver/frontend/http/httplib_server.cc relies on beyond the
// documented interface. The numbers are those of the list in that file. A version of the library
// that behaves differently fails here.
#include <gtest/gtest.h>
#include <httplib.h>
#include <signal.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tql::frontend {
namespace {

class MemoryStream : public httplib::Stream {
 public:
  explicit MemoryStream(std::string input) : input_(std::move(input)) {}
  bool is_readable() const override { return true; }
  bool is_writable() const override { return true; }
  ssize_t read(char* data, std::size_t size) override {
    const std::size_t n = input_.copy(data, size, at_);
    at_ += n;
    return static_cast<ssize_t>(n);
  }
  ssize_t write(const char* data, std::size_t size) override {
    if (broken) return -1;
    output.append(data, size);
    return static_cast<ssize_t>(size);
  }
  void get_remote_ip_and_port(std::string&, int& port) const override { port = 0; }
  void get_local_ip_and_port(std::string&, int& port) const override { port = 0; }
  socket_t socket() const override { return 0; }

  std::string unread() const { return input_.substr(at_); }
  std::string output;
  bool broken = false;

 private:
  const std::string input_;
  std::size_t at_ = 0;
};

class Server : public httplib::Server {
 public:
  explicit Server(socket_t socket = 0) { svr_sock_ = socket; }
  bool Process(httplib::Stream& stream) {
    bool closed = false;
    return process_request(stream, /*close_connection=*/true, closed, nullptr);
  }
};

constexpr char kGet[] = "GET / HTTP/1.1\r\n\r\n";

/// Streams "abc", then ends with success or failure.
httplib::Server::Handler Streams(bool complete) {
  return [complete](const httplib::Request&, httplib::Response& response) {
    response.set_chunked_content_provider("text/x",
                                          [complete](std::size_t, httplib::DataSink& sink) {
                                            sink.write("abc", 3);
                                            if (complete) sink.done();
                                            return complete;
                                          });
  };
}

TEST(HttplibContractTest, Version) { EXPECT_STREQ(CPPHTTPLIB_VERSION, "0.11.4"); }

TEST(HttplibContractTest, ReadsOneRequestOnly) {  // 1
  Server server;
  server.Get("/", [](const httplib::Request&, httplib::Response&) {});
  MemoryStream stream(kGet + std::string("next"));
  EXPECT_TRUE(server.Process(stream));
  EXPECT_EQ(stream.unread(), "next");
}

TEST(HttplibContractTest, FailedProviderOmitsLastChunk) {  // 1
  for (const bool complete : {true, false}) {
    Server server;
    server.Get("/", Streams(complete));
    MemoryStream stream(kGet);
    EXPECT_EQ(server.Process(stream), complete);
    EXPECT_TRUE(stream.output.ends_with(complete ? "\r\n\r\n3\r\nabc\r\n0\r\n\r\n"
                                                 : "\r\n\r\n3\r\nabc\r\n"))
        << stream.output;
  }
}

TEST(HttplibContractTest, ReportsFailedWrite) {  // 1
  Server server;
  server.Get("/", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("abc", "text/x");
  });
  MemoryStream stream(kGet);
  stream.broken = true;
  EXPECT_FALSE(server.Process(stream));
}

TEST(HttplibContractTest, ProviderNeedsServerSocket) {  // 2
  Server server(INVALID_SOCKET);
  server.Get("/", Streams(true));
  MemoryStream stream(kGet);
  server.Process(stream);
  EXPECT_EQ(stream.output.find("abc"), std::string::npos);
}

TEST(HttplibContractTest, ConstructorIgnoresSigpipe) {  // 3
  struct sigaction before {};
  sigaction(SIGPIPE, nullptr, &before);
  signal(SIGPIPE, SIG_DFL);
  const Server server;
  struct sigaction after {};
  sigaction(SIGPIPE, &before, &after);
  EXPECT_EQ(after.sa_handler, SIG_IGN);
}

TEST(HttplibContractTest, BodyWithoutLengthEndsWithStream) {  // 4
  Server server;
  std::string body;
  server.Post(
      "/", [&](const httplib::Request&, httplib::Response&, const httplib::ContentReader& reader) {
        EXPECT_TRUE(reader([&](const char* data, std::size_t size) {
          body.append(data, size);
          return true;
        }));
      });
  const std::string sent(10'000, 'x');
  MemoryStream stream("POST / HTTP/1.1\r\n\r\n" + sent);
  EXPECT_TRUE(server.Process(stream));
  EXPECT_EQ(body, sent);
}

TEST(HttplibContractTest, PostRoutingHandlerRunsLast) {  // 5
  for (const std::string path : {"/", "/nowhere"}) {
    Server server;
    server.Get("/", Streams(true));
    server.set_post_routing_handler(
        [](const httplib::Request&, httplib::Response& response) { response.headers.clear(); });
    MemoryStream stream("HEAD " + path + " HTTP/1.1\r\n\r\n");
    EXPECT_TRUE(server.Process(stream));
    EXPECT_EQ(std::count(stream.output.begin(), stream.output.end(), '\n'), 2) << stream.output;
  }
}

TEST(HttplibContractTest, HandlersRunOnCallingThread) {  // 6
  Server server;
  std::thread::id handler;
  std::thread::id provider;
  server.Get("/", [&](const httplib::Request&, httplib::Response& response) {
    handler = std::this_thread::get_id();
    response.set_chunked_content_provider("text/x", [&](std::size_t, httplib::DataSink& sink) {
      provider = std::this_thread::get_id();
      sink.done();
      return true;
    });
  });
  MemoryStream stream(kGet);
  server.Process(stream);
  EXPECT_EQ(handler, std::this_thread::get_id());
  EXPECT_EQ(provider, std::this_thread::get_id());
}

TEST(HttplibContractTest, PreRoutingHandlerAnswersBeforeBodyIsRead) {  // 7
  Server server;
  server.set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
    response.set_content("early", "text/x");
    return httplib::Server::HandlerResponse::Handled;
  });
  MemoryStream stream("POST / HTTP/1.1\r\n\r\nbody");
  EXPECT_TRUE(server.Process(stream));
  EXPECT_TRUE(stream.output.starts_with("HTTP/1.1 200 ")) << stream.output;
  EXPECT_TRUE(stream.output.ends_with("\r\n\r\nearly")) << stream.output;
  EXPECT_EQ(stream.unread(), "body");
}

/// Records the size of each write.
class PiecewiseStream : public MemoryStream {
 public:
  using MemoryStream::MemoryStream;
  ssize_t write(const char* data, std::size_t size) override {
    pieces.emplace_back(data, size);
    return MemoryStream::write(data, size);
  }
  std::vector<std::string> pieces;
};

TEST(HttplibContractTest, WritesHeadAtOnce) {  // 8
  for (const bool streams : {false, true}) {
    Server server;
    server.Get("/", [&](const httplib::Request&, httplib::Response& response) {
      if (!streams) return response.set_content("abc", "text/x");
      response.set_content_provider("", [](std::size_t, httplib::DataSink& sink) {
        sink.write("abc", 3);
        sink.done();
        return true;
      });
    });
    PiecewiseStream stream("GET / HTTP/1.1\r\nExpect: 100-continue\r\n\r\n");
    std::size_t before = 0;
    server.set_post_routing_handler([&](const httplib::Request&, httplib::Response& response) {
      response.headers.clear();
      before = stream.pieces.size();
    });
    EXPECT_TRUE(server.Process(stream));
    EXPECT_EQ(before, 1U);  // 100 Continue
    const std::vector<std::string> expected = {"HTTP/1.1 100 Continue\r\n\r\n",
                                               "HTTP/1.1 200 OK\r\n\r\n", "abc"};
    EXPECT_EQ(stream.pieces, expected);
  }
}

TEST(HttplibContractTest, ReadsFormsPartByPart) {
  Server server;
  std::string seen;
  server.Post(
      "/", [&](const httplib::Request&, httplib::Response&, const httplib::ContentReader& reader) {
        EXPECT_TRUE(reader(
            [&](const httplib::MultipartFormData& part) {
              seen += "[" + part.name + "," + part.filename + "]";
              return true;
            },
            [&](const char* data, std::size_t size) {
              seen.append(data, size);
              return true;
            }));
      });
  MemoryStream stream(
      "POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=\"b%25\"\r\n\r\n"
      "--b%\r\nContent-Disposition: form-data; name=\"z\"\r\n\r\none\r\n"
      "--b%\r\nContent-Disposition: form-data; name=\"a\"; "
      "filename=\"f\"\r\n\r\ntwo\r\n--b%--\r\n");
  EXPECT_TRUE(server.Process(stream));
  EXPECT_EQ(seen, "[z,]one[a,f]two");
}

}  // namespace
}  // namespace tql::frontend

// A TCP server that does what a test tells it, however wrong.
#ifndef TQLKIT_TESTS_SUPPORT_HOSTILE_SERVER_H_
#define TQLKIT_TESTS_SUPPORT_HOSTILE_SERVER_H_

#include <cstddef>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace tql::testing {

/// One connection, in the hands of the test's script. It is closed when the script returns.
class Peer {
 public:
  Peer(int fd, int number) : fd_(fd), number_(number) {}

  /// Connections count from 0.
  int number() const { return number_; }
  /// The next request, head and body as they came; what has come of it when the client goes away.
  std::string ReadRequest();
  /// In pieces of this size. False when nobody reads any more.
  bool Send(std::string_view bytes, std::size_t piece = std::string_view::npos);
  /// Returns when the client has closed the connection, or the server stops.
  void WaitUntilGone();
  /// Returns when the client has sent something, or is gone.
  void WaitForBytes();
  /// The client gets a reset rather than an end.
  void Reset();
  int fd() const { return fd_; }

 private:
  const int fd_;
  const int number_;
  std::string rest_;  // read beyond the last request
};

/// Listens on a port of 127.0.0.1 until it goes; each connection runs the script in a thread
/// of its own.
class HostileServer {
 public:
  using Script = std::function<void(Peer&)>;
  /// `port`: 0 for a free one.
  explicit HostileServer(Script script, int port = 0);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  int port() const { return port_; }
  /// "http://127.0.0.1:41233"
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const;
  /// Ends every connection that is open.
  void CutAll();

 private:
  void Accept();

  const Script script_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  bool stopping_ = false;
  int count_ = 0;
  std::vector<int> open_;
  std::vector<std::thread> peers_;
  std::thread acceptor_;
};

/// An HTTP answer with its length.
std::string HttpAnswer(std::string_view body, std::string_view status = "200 OK",
                       std::string_view headers = "");
/// The head of an answer that comes in chunks, and one chunk of it.
std::string ChunkedHead();
std::string Chunk(std::string_view bytes);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// How bytes pass between a client and a server.
struct Wire {
  std::size_t piece = std::string::npos;  // the most at once
  std::size_t most = std::string::npos;   // that come from the server, over one connection
  bool stalls = false;                    // rather than ends, once they have come
};
/// A script that stands between a client and the server at `port` of 127.0.0.1; each connection
/// asks for its wire.
HostileServer::Script Between(int port, std::function<Wire()> wire);

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_HOSTILE_SERVER_H_

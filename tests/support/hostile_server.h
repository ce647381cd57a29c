// A TCP server whose behaviour, correct or not, is scripted by a test.
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

/// One connection, controlled by the test's script. It is closed when the script returns.
class Peer {
 public:
  Peer(int fd, int number) : fd_(fd), number_(number) {}

  /// Connections are numbered from 0.
  int number() const { return number_; }
  /// Returns the next request, head and body as received; incomplete if the client disconnects.
  std::string ReadRequest();
  /// Sends in pieces of this size. Returns false if the client no longer reads.
  bool Send(std::string_view bytes, std::size_t piece = std::string_view::npos);
  /// Waits until the client has closed the connection or the server stops.
  void WaitUntilGone();
  /// Waits until the client has sent something or closed the connection.
  void WaitForBytes();
  /// Closes with a reset instead of an orderly end.
  void Reset();
  int fd() const { return fd_; }

 private:
  const int fd_;
  const int number_;
  std::string rest_;  // Read past the last request.
};

/// Listens on a port of 127.0.0.1 until it is destroyed. Each connection runs the script in its own
/// thread.
class HostileServer {
 public:
  using Script = std::function<void(Peer&)>;
  /// `port` 0 selects a free one.
  explicit HostileServer(Script script, int port = 0);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  int port() const { return port_; }
  /// "http://127.0.0.1:41233"
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const;
  /// Closes all open connections.
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

/// An HTTP response with its length.
std::string HttpAnswer(std::string_view body, std::string_view status = "200 OK",
                       std::string_view headers = "");
/// The head of a chunked response, and one chunk.
std::string ChunkedHead();
std::string Chunk(std::string_view bytes);
inline constexpr std::string_view kLastChunk = "0\r\n\r\n";

/// The faults of a connection between a client and a server.
struct Wire {
  std::size_t piece = std::string::npos;  // The most bytes passed at once.
  std::size_t most = std::string::npos;   // The most bytes from the server, per connection.
  bool stalls = false;                    // Whether the connection then stalls instead of closing.
};
/// A script that forwards between a client and the server at `port` of 127.0.0.1. Each connection
/// calls `wire` for its faults.
HostileServer::Script Between(int port, std::function<Wire()> wire);

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_HOSTILE_SERVER_H_

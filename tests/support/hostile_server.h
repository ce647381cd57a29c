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

 private:
  const int fd_;
  const int number_;
  std::string rest_;  // read beyond the last request
};

/// Listens on a free port of 127.0.0.1 until it goes; each connection runs the script in a thread
/// of its own.
class HostileServer {
 public:
  using Script = std::function<void(Peer&)>;
  explicit HostileServer(Script script);
  ~HostileServer();
  HostileServer(const HostileServer&) = delete;
  HostileServer& operator=(const HostileServer&) = delete;

  int port() const { return port_; }
  /// "http://127.0.0.1:41233"
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
  int connections() const;

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

}  // namespace tql::testing

#endif  // TQLKIT_TESTS_SUPPORT_HOSTILE_SERVER_H_

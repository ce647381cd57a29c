// The transfer of the bytes of one request and its response.
#ifndef TQLKIT_CLIENT_SRC_REQUEST_SOCKET_H_
#define TQLKIT_CLIENT_SRC_REQUEST_SOCKET_H_

#include <openssl/types.h>
#include <signal.h>
#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>

#include "client/src/chunk_framing.h"
#include "client/src/request_state.h"

namespace tql {

/// Maximum size of the status line and all header fields, in bytes.
inline constexpr std::size_t kMostHeadBytes = std::size_t{64} << 10;
/// Maximum size of the framing around one chunk, in bytes.
inline constexpr std::size_t kMostFramingBytes = std::size_t{8} << 10;

/// Suppresses SIGPIPE in this thread during its lifetime. It is needed because OpenSSL writes
/// without MSG_NOSIGNAL, and a library must not change the signal handlers of the process. Blocks
/// the signal, and discards one that became pending.
class SigpipeBlocker {
 public:
  SigpipeBlocker();
  ~SigpipeBlocker();
  SigpipeBlocker(const SigpipeBlocker&) = delete;
  SigpipeBlocker& operator=(const SigpipeBlocker&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

/// A connected socket, with or without TLS (`ssl` is null), for the duration of one request. Reads
/// and writes end at the deadline or on cancellation, whatever the peer sends. The reason of a
/// failure is recorded in the RequestState.
class RequestSocket {
 public:
  /// Owns none of its arguments. `origin` is that of the service, for error messages.
  RequestSocket(int fd, SSL* ssl, const std::string& origin, RequestState& state);

  /// As recv and send. The response must start with "HTTP/1.", and its header and framing, which
  /// httplib reads byte by byte, must not exceed the budget of the RequestState.
  ssize_t Read(char* data, std::size_t size);
  ssize_t Write(const char* data, std::size_t size);

  int fd() const { return fd_; }
  /// Whether bytes were received that httplib has not read.
  bool has_unread() const { return begin_ != end_; }

 private:
  ssize_t Receive();
  ssize_t Fill();
  ssize_t SkipTrailer();
  bool CheckPrefix();
  bool CountByte(char c);
  template <typename Operation>
  ssize_t Transfer(short events, Operation operation);

  const int fd_;
  SSL* const ssl_;
  const std::string& origin_;
  RequestState& state_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  ChunkFraming chunks_;
  std::size_t prefix_bytes_ = 0;  // number of bytes of kHttpPrefix received so far
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_REQUEST_SOCKET_H_

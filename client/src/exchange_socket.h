// The bytes of one request and its answer.
#ifndef TQLKIT_CLIENT_SRC_EXCHANGE_SOCKET_H_
#define TQLKIT_CLIENT_SRC_EXCHANGE_SOCKET_H_

#include <openssl/types.h>
#include <signal.h>
#include <sys/types.h>

#include <cstddef>
#include <memory>
#include <string>

#include "client/src/exchange.h"

namespace tql {

/// Bytes of a status line with all headers.
inline constexpr std::size_t kMostHeadBytes = std::size_t{64} << 10;
/// Bytes of the framing around one chunk.
inline constexpr std::size_t kMostFramingBytes = std::size_t{8} << 10;

/// OpenSSL writes without MSG_NOSIGNAL. A library may not change the process's signals, so the
/// thread's SIGPIPE is held back, and taken away if it came.
class HoldSigpipe {
 public:
  HoldSigpipe();
  ~HoldSigpipe();
  HoldSigpipe(const HoldSigpipe&) = delete;
  HoldSigpipe& operator=(const HoldSigpipe&) = delete;

 private:
  sigset_t pipe_;
  sigset_t before_;
  bool was_pending_ = false;
};

/// A connected socket, with TLS or without (`ssl` null), for the time of an exchange: it
/// ends at its deadline or when it is cancelled, whatever the peer sends. Why a call failed stands
/// in the exchange.
class ExchangeSocket {
 public:
  /// Owns nothing. `origin`: of the service, for errors.
  ExchangeSocket(int fd, SSL* ssl, const std::string& origin, Exchange& exchange);

  /// Like recv and send. The answer must begin as one of HTTP/1, and its head and framing, which
  /// are read byte by byte, stay within the exchange's budget.
  ssize_t Read(char* data, std::size_t size);
  ssize_t Write(const char* data, std::size_t size);

  int fd() const { return fd_; }
  /// Whether bytes came that nobody has read.
  bool has_unread() const { return begin_ != end_; }

 private:
  ssize_t Receive();
  bool BeginsWell();
  bool CountByte(char c);
  template <typename Operation>
  ssize_t Transfer(short events, Operation operation);

  const int fd_;
  SSL* const ssl_;
  const std::string& origin_;
  Exchange& exchange_;
  std::unique_ptr<char[]> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t begun_ = 0;  // bytes of kHttpBegin that came
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_EXCHANGE_SOCKET_H_

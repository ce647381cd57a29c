// An accepted socket, plain or with TLS, that never blocks.
#ifndef TQLKIT_MOCKSERVER_NET_SOCKET_H_
#define TQLKIT_MOCKSERVER_NET_SOCKET_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace tql::net {

/// Thread safety: one thread, except that Shutdown may be called from any thread.
class Socket {
 public:
  /// Takes ownership of `fd`, which must be non-blocking. Without TLS, `tls` is null.
  Socket(int fd, ssl_ctx_st* tls, std::string peer);
  ~Socket();
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  enum class Io : std::uint8_t {
    kOk,
    kAgain,   // wait for events()
    kClosed,  // by the peer, or by an error
  };
  /// Continues the TLS handshake. Returns kOk when it is complete; without TLS, always.
  Io Handshake();
  Io Read(char* data, std::size_t size, std::size_t* got);
  /// Sends `first` and then `second`, as far as the kernel accepts them.
  Io Write(std::string_view first, std::string_view second, std::size_t* sent);

  /// The events of poll() to wait for after kAgain.
  short events() const { return events_; }
  /// Waits for events(). Returns false on timeout.
  bool Wait(std::chrono::milliseconds timeout) const;

  /// The state of the peer, as far as it is known without sending.
  enum class Peer : std::uint8_t {
    kThere,
    kSentAll,  // it has closed its sending half; it may still wait for the response
    kGone,
  };
  Peer LookForPeer() const;

  /// Closes the sending half of the connection.
  void EndWriting();
  /// Shuts the connection down: reads and writes in any thread return kClosed.
  void Shutdown() const;
  /// Has the destructor reset the connection instead of closing it.
  void ResetOnClose();

  int fd() const { return fd_; }
  bool has_tls() const { return tls_; }
  /// The peer's address, without the port.
  const std::string& peer() const { return peer_; }

 private:
  Io TlsResult(int result);

  const int fd_;
  const bool tls_;
  struct FreeSsl {
    void operator()(ssl_st* ssl) const;
  };
  std::unique_ptr<ssl_st, FreeSsl> ssl_;
  bool handshaking_;
  short events_;
  const std::string peer_;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_SOCKET_H_

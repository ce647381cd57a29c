// A TCP connection, with or without TLS, whose every wait ends at a deadline or by an interrupt.
//
// HTTP is spoken over it by hand (http_exchange.cc), not by a library: a checker sends requests
// that a library refuses to send, and must see the bytes, their times and the mistakes that a
// library hides.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_CONNECTION_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_CONNECTION_H_

#include <openssl/types.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace tqlconform {

using Clock = std::chrono::steady_clock;

/// A descriptor that becomes readable when a stop is requested.
class Interrupt {
 public:
  explicit Interrupt(const std::stop_token& stop);
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;
  int fd() const { return fd_; }
  const std::stop_token& token() const { return token_; }
  /// Waits so long, or until the stop is requested.
  void SleepFor(std::chrono::nanoseconds time) const;

 private:
  struct Wake {
    int fd;
    void operator()() const noexcept;
  };
  const std::stop_token token_;
  const int fd_;
  std::stop_callback<Wake> callback_;
};

/// An address, and the certificates to trust.
struct Endpoint {
  bool tls = false;
  std::string host;  // Without brackets.
  std::uint16_t port = 0;
  std::string ca_file;    // PEM; empty: the system's.
  bool insecure = false;  // The certificate is not verified.
  /// The value of the header Host.
  std::string Authority() const;
};

/// The end of a transfer.
enum class Io : std::uint8_t { kOk, kClosed, kReset, kTimeout, kInterrupted, kBroken };

class Connection {
 public:
  /// Connects, and performs the handshake. UNAVAILABLE; DEADLINE_EXCEEDED; CANCELLED;
  /// FAILED_PRECONDITION if the certificate is not trusted or the peer does not speak TLS. The
  /// look-up of the name cannot be interrupted.
  static tql::StatusOr<std::unique_ptr<Connection>> Open(const Endpoint& endpoint,
                                                         Clock::time_point deadline,
                                                         const Interrupt& interrupt);
  /// Takes ownership of a socket that is connected and does not block.
  static std::unique_ptr<Connection> Adopt(int fd);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  /// Sends all bytes. A response that arrives meanwhile does not stop it.
  Io Send(std::string_view bytes, Clock::time_point deadline, const Interrupt& interrupt);
  /// Waits for bytes, and appends at most 64 KiB to `*bytes`.
  Io Receive(std::string* bytes, Clock::time_point deadline, const Interrupt& interrupt);
  /// Waits until one of two connections without TLS has bytes or has ended, and returns it; null at
  /// the deadline or an interrupt.
  static Connection* Ready(Connection* first, Connection* second, Clock::time_point deadline,
                           const Interrupt& interrupt);
  /// Whether nothing has arrived since the last response, not even the end.
  bool IsIdle();

 private:
  struct FreeContext {
    void operator()(SSL_CTX* context) const;
  };
  struct FreeSsl {
    void operator()(SSL* ssl) const;
  };
  explicit Connection(int fd) : fd_(fd) {}
  tql::Status StartTls(const Endpoint& endpoint, Clock::time_point deadline,
                       const Interrupt& interrupt);
  Io WaitFor(short events, Clock::time_point deadline, const Interrupt& interrupt) const;
  /// After an operation of OpenSSL that did not succeed: waits and returns kOk to try again.
  Io AfterTls(int result, Clock::time_point deadline, const Interrupt& interrupt);

  int fd_;
  std::unique_ptr<SSL_CTX, FreeContext> context_;
  std::unique_ptr<SSL, FreeSsl> ssl_;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_CONNECTION_H_

// One accepted connection: its socket, TLS if any, the request being read, the answer being sent.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_CONNECTION_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_CONNECTION_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "mockserver/frontend/http/request_parser.h"

struct ssl_st;
struct ssl_ctx_st;

namespace tql::frontend {

struct ConnectionLimits {
  RequestLimits request;
  std::chrono::milliseconds handshake{10'000};  // for the whole TLS handshake
  std::chrono::milliseconds header{10'000};     // from the first byte of a request to its body
  std::chrono::milliseconds body{30'000};       // for a body, and a second more per 64 KiB of it
  std::chrono::milliseconds idle{300'000};      // between requests
  // To let a refused client read why: many read nothing before they have sent all.
  std::chrono::milliseconds linger{2'000};       // without a byte of what it still sends
  std::chrono::milliseconds linger_all{60'000};  // and in all
  std::size_t linger_bytes = std::size_t{256} << 20;
  std::chrono::milliseconds write{600'000};  // without any progress of a slow reader
};

/// Thread safety: none; the server hands it from one thread to the next. Only Shutdown may be
/// called from another thread while the owner works.
class Connection {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;

  /// Takes the socket, which must be non-blocking. `tls` may be null: plain.
  Connection(int fd, ssl_ctx_st* tls, std::string peer, const ConnectionLimits& limits);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  enum class Progress : std::uint8_t {
    kRequest,  // request() is complete
    kRefused,  // parser error: answer it, then Linger()
    kWait,     // more bytes are needed: wait for events(), at most until deadline()
    kClosed,   // the client is gone, or TLS failed
  };
  /// Reads what has arrived, without waiting.
  Progress Advance();
  /// Forgets the request that was answered.
  void NextRequest();
  /// No further request: sends the end of the stream, then swallows what still comes, within the
  /// limits, so that the client can read the answer before the connection is torn down.
  void Linger();

  /// What to wait for (of poll) after kWait, and how long.
  short events() const { return events_; }
  TimePoint deadline() const { return deadline_; }
  /// Whether a request has begun that is not complete.
  bool mid_request() const { return !lingering_ && !parser_.empty(); }
  /// Waits for events() for a short while; false when nothing came.
  bool WaitBriefly(std::chrono::milliseconds timeout) const;

  const HttpRequest& request() const { return parser_.request(); }
  const RequestParser& parser() const { return parser_; }

  /// Sends all of it; false when the client is gone, or takes nothing for limits.write, or for a
  /// second once `deadline` has passed.
  bool Write(std::string_view first, std::string_view second = {},
             TimePoint deadline = TimePoint::max());
  /// Runs the waits of Write for a client that is slow to read.
  using Waiter = std::function<bool(const std::function<bool()>& wait)>;
  void OnSlowReader(Waiter waiter) { on_slow_reader_ = std::move(waiter); }
  /// What is known of the client without sending to it.
  enum class Client : std::uint8_t {
    kThere,
    kSentAll,  // it has closed its end: it is gone, or waits for the answer
    kGone,
  };
  Client LookForClient() const;
  /// Ends the connection: readers and writers of it, in any thread, find it closed.
  void Shutdown() const;

  int fd() const { return fd_; }
  /// The client's address, without the port.
  const std::string& peer() const { return peer_; }

  // For the server's books, guarded by its mutex.
  bool parked = false;

 private:
  enum class Io : std::uint8_t { kOk, kAgain, kClosed };
  Io Read(char* data, std::size_t size, std::size_t* got);
  Io Send(std::string_view first, std::string_view second, std::size_t* sent);
  bool WaitForReader(TimePoint deadline);
  Io TlsResult(int result);
  bool Handshake(Progress* progress);
  Progress Swallow();
  void SetDeadline();
  bool FeedPending();

  const int fd_;
  const ConnectionLimits& limits_;
  struct FreeSsl {
    void operator()(ssl_st* ssl) const;
  };
  std::unique_ptr<ssl_st, FreeSsl> ssl_;
  Waiter on_slow_reader_;
  bool handshaking_ = false;
  bool lingering_ = false;
  std::size_t swallowed_ = 0;  // since Linger
  std::string peer_;
  RequestParser parser_;
  std::string pending_;  // bytes of the next request
  short events_;
  TimePoint started_;  // of the phase that deadline_ is for
  TimePoint deadline_;
  std::uint8_t phase_ = 0;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_CONNECTION_H_

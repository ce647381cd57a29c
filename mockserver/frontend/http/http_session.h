// A connection of the HTTP server: receives the headers of requests, has each processed, and
// enforces limits on time and size. RequestProcessor (cpp-httplib) produces the responses; this
// class handles bytes, time and the rules of a connection.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SESSION_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SESSION_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/frontend/http/http_message.h"
#include "mockserver/frontend/http/request_body.h"
#include "mockserver/frontend/http/request_gate.h"
#include "mockserver/frontend/http/request_head.h"
#include "mockserver/frontend/http/router.h"
#include "mockserver/net/input_buffer.h"
#include "mockserver/net/memory_budget.h"
#include "mockserver/net/poller.h"

namespace tql::frontend {

struct RequestLimits {
  std::size_t max_header_bytes = 32 << 10;
  std::size_t max_body_bytes = std::size_t{64} << 20;  // unless the route streams it
  /// Called once for a body of more than `unasked_body_bytes`; may lower max_body_bytes. May be
  /// empty. Called from any thread.
  std::size_t unasked_body_bytes = 0;
  std::function<std::optional<BodyAllowance>(const HttpRequest& head)> body_allowance = nullptr;
};

struct ConnectionLimits {
  RequestLimits request;
  std::chrono::milliseconds handshake{10'000};  // for the whole TLS handshake
  std::chrono::milliseconds header{10'000};     // from the first byte of a request to its body
  std::chrono::milliseconds body{30'000};       // for a body, plus a second per 64 KiB
  std::chrono::milliseconds idle{300'000};      // between requests
  std::chrono::milliseconds memory{1'000};      // wait for other requests to release memory
  // After a refusal, so that the client can read the error: many clients read only after they have
  // sent everything.
  std::chrono::milliseconds linger{2'000};       // without further input
  std::chrono::milliseconds linger_all{60'000};  // in total
  std::size_t linger_bytes = std::size_t{256} << 20;
  std::chrono::milliseconds write{600'000};  // if a slow reader reads nothing
};

/// Called for a request that no route handled, with the HTTP status of the response.
using OnUnrouted = std::function<void(const HttpRequest& request, int status)>;

class HttpSession;

/// Produces the response to the request of a session, in the session's buffer.
class RequestProcessor {
 public:
  virtual ~RequestProcessor() = default;
  /// Returns false if the response is incomplete, so that the connection must be closed.
  virtual bool Answer(HttpSession& session) = 0;
};

class HttpSession final : public net::Session, private HttpClient {
 public:
  /// The objects that all sessions of a server share; they must outlive the sessions.
  struct Shared {
    const ConnectionLimits& limits;
    const Router& router;
    RequestProcessor& processor;
    net::WorkerPool& workers;
    net::MemoryBudget& memory;
    const RequestGate* gate;                   // null: all pages and host names are accepted
    std::size_t port;                          // number of the port in the gate
    std::shared_ptr<const std::string> space;  // of the port; empty: none
    const OnUnrouted& on_unrouted;             // may be empty
  };
  HttpSession(std::unique_ptr<net::Socket> socket, const Shared& shared);

  Wait FirstWait() override;
  std::optional<Wait> Serve() override;
  void Rest() override;

  // For the processor, on the serving thread.

  HttpRequest& request() { return request_; }
  HttpClient& client() { return *this; }
  bool Gone() override;
  const Router::Route* route() const { return route_; }
  /// Whether there is a response that does not come from the route's handler.
  bool ready() const { return ready_.has_value(); }
  std::optional<HttpResponse> TakeReady() { return std::exchange(ready_, std::nullopt); }
  /// Replaces a response that failed before any of it was sent.
  void AnswerInstead(HttpResponse response) { ready_ = std::move(response); }

  bool expect_continue() const { return framing_.expect_continue && input_.view().empty(); }
  /// Reads `size` bytes of the body, or fewer at its end (0 after it). Returns -1 if it cannot be
  /// read; then BodyRefusal() has the reason, unless the client has disconnected.
  std::ptrdiff_t ReadBody(char* data, std::size_t size);
  /// The response to a body that cannot be read. Nothing else can be read from the connection then.
  std::optional<HttpResponse> BodyRefusal();
  /// Refuses the body, unless it is refused already.
  void RefuseBody(int status, std::string why);

  /// Reserves memory for a body of this size. Returns false and refuses the body if all requests
  /// together would exceed the limit.
  bool AllowMemory(std::size_t bytes);

  bool keep_alive() const { return keep_alive_; }
  void CloseAfterAnswer() { keep_alive_ = false; }
  bool body_complete() const { return body_.complete(); }
  std::size_t body_length() const { return framing_.length; }  // 0: unknown (chunked)
  /// Whether the client expects a response without its body. Known even if the head was refused.
  bool head_only() const { return head_only_; }

  /// Adds to the response, and sends it if the buffer is full. Returns false if the client has
  /// disconnected or reads nothing for limits.write, or for a second after the time of LimitWrites.
  bool Write(std::string_view bytes);
  bool Flush() { return output_.empty() ? !gone_ : Send({}); }
  /// Sends what was written, then ends the connection in this way. Blocks while it stalls.
  void End(const net::Cut& cut);
  /// Whether a part of the response was sent.
  bool started() const { return sent_ > 0; }
  void LimitWrites(net::TimePoint deadline) { write_deadline_ = deadline; }
  /// Adds the header fields of every response.
  void Prepare(HttpResponse& response) const;

 private:
  enum class Progress : std::uint8_t { kRequest, kMore, kClosed };

  Progress Collect();
  void TakeHead();
  void Refuse(const Refusal& refusal);
  void ReportUnrouted(int status) const;
  bool AskAllowance();
  std::size_t MostBodyBytes() const;
  std::optional<Refusal> Allows(std::size_t body_bytes);
  void Decide();
  bool Answer();
  bool Drain();
  bool Fill();
  bool Send(std::string_view more);
  bool WaitFor(std::chrono::milliseconds patience);
  void Moved(std::size_t bytes);
  bool WaitForReader();
  void RunWaiting(const std::function<void()>& wait) override;
  void NextRequest();
  void Linger();
  std::optional<Wait> Swallow();

  const Shared shared_;
  net::InputBuffer input_;
  std::string output_;

  // The connection.
  bool handshaken_;
  bool begun_ = false;      // bytes of a request were received
  bool lingering_ = false;  // no further request: remaining input is discarded
  std::size_t swallowed_ = 0;
  net::TimePoint linger_until_;
  net::TimePoint deadline_;  // end of the handshake, the idle time, a header, or lingering

  // The request.
  HeadFinder finder_;
  HttpRequest request_;
  Framing framing_;
  RequestBody body_;
  net::MemoryBudget::Reservation memory_;   // memory that the request holds
  std::optional<BodyAllowance> allowance_;  // set after it was requested
  const Router::Route* route_ = nullptr;
  bool head_only_ = false;
  net::TimePoint began_;  // time at which its header was complete

  // Waiting for the client. Both start again when the client has moved enough bytes.
  net::TimePoint::duration busy_wait_{0};  // time that the worker waited without a substitute
  std::size_t moved_ = 0;                  // bytes received and sent

  // The response.
  std::optional<HttpResponse> ready_;
  std::optional<Refusal> body_refusal_;
  bool keep_alive_ = true;
  bool gone_ = false;
  std::size_t sent_ = 0;      // bytes
  net::TimePoint next_look_;  // time of the next check of the socket
  net::TimePoint
      sent_all_;  // time at which the client's sending half was found closed; the epoch: it is open
  net::TimePoint write_deadline_ = net::TimePoint::max();
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SESSION_H_

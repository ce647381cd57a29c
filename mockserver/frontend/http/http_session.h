// One connection of the HTTP server: collects the heads of its requests, has each answered, and
// bounds how long and how much all of it may be. cpp-httplib makes the answers, behind
// RequestProcessor; here are bytes, time and the rules of a connection.
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
  std::size_t max_body_bytes = std::size_t{64} << 20;  // where the route does not stream it
  /// Asked, once, about a body of more than `unasked_body_bytes`; may lower max_body_bytes. Empty:
  /// nobody is asked. Called from any thread.
  std::size_t unasked_body_bytes = 0;
  std::function<std::optional<BodyAllowance>(const HttpRequest& head)> body_allowance = nullptr;
};

struct ConnectionLimits {
  RequestLimits request;
  std::chrono::milliseconds handshake{10'000};  // for the whole TLS handshake
  std::chrono::milliseconds header{10'000};     // from the first byte of a request to its body
  std::chrono::milliseconds body{30'000};       // for a body, and a second more per 64 KiB of it
  std::chrono::milliseconds idle{300'000};      // between requests
  std::chrono::milliseconds memory{1'000};      // for other requests to release theirs
  // To let a refused client read why: many read nothing before they have sent all.
  std::chrono::milliseconds linger{2'000};       // without a byte of what it still sends
  std::chrono::milliseconds linger_all{60'000};  // and in all
  std::size_t linger_bytes = std::size_t{256} << 20;
  std::chrono::milliseconds write{600'000};  // without any progress of a slow reader
};

/// Told of a request whose answer no route made, with its HTTP status.
using OnUnrouted = std::function<void(const HttpRequest& request, int status)>;

class HttpSession;

/// Makes the answer to the request of a session, in the session's buffer.
class RequestProcessor {
 public:
  virtual ~RequestProcessor() = default;
  /// False when the answer is not complete: the connection cannot go on.
  virtual bool Answer(HttpSession& session) = 0;
};

class HttpSession final : public net::Session, private HttpClient {
 public:
  /// All but the socket are borrowed and shared by the sessions of a server.
  struct Shared {
    const ConnectionLimits& limits;
    const Router& router;
    RequestProcessor& processor;
    net::WorkerPool& workers;
    net::MemoryBudget& memory;
    const RequestGate* gate;        // null: every page and every name may
    std::size_t port;               // of the gate
    const OnUnrouted& on_unrouted;  // may be empty
  };
  HttpSession(std::unique_ptr<net::Socket> socket, const Shared& shared);

  Wait FirstWait() override;
  std::optional<Wait> Serve() override;
  void Rest() override;

  // For the processor, on the thread that serves.

  HttpRequest& request() { return request_; }
  HttpClient& client() { return *this; }
  const Router::Route* route() const { return route_; }
  /// The answer that was decided on without the route's handler, if any.
  bool ready() const { return ready_.has_value(); }
  std::optional<HttpResponse> TakeReady() { return std::exchange(ready_, std::nullopt); }
  /// An answer in place of the one that failed before a byte of it left.
  void AnswerInstead(HttpResponse response) { ready_ = std::move(response); }

  bool expect_continue() const { return framing_.expect_continue && input_.view().empty(); }
  /// Reads the body until `size` bytes are there or it is complete: then fewer, or 0. -1: it cannot
  /// be read; body_refusal() says why, unless the client is gone.
  std::ptrdiff_t ReadBody(char* data, std::size_t size);
  /// The answer to a body that cannot be read; nothing else can be read from the connection then.
  std::optional<HttpResponse> BodyRefusal();
  void RefuseBody(int status, std::string why);

  /// Lets the body grow to so many bytes in memory; false, and the body is refused, when all
  /// requests together would hold too much.
  bool AllowMemory(std::size_t bytes);

  bool keep_alive() const { return keep_alive_; }
  void CloseAfterAnswer() { keep_alive_ = false; }
  bool body_complete() const { return body_.complete(); }
  std::size_t body_length() const { return framing_.length; }  // 0: unknown, in chunks
  std::chrono::seconds idle_time() const;

  /// Adds to the answer; sends when much has gathered. False when the client is gone, or takes
  /// nothing for limits.write, or for a second once the limit of LimitWrites has passed.
  bool Write(std::string_view bytes);
  bool Flush() { return output_.empty() ? !gone_ : Send({}); }
  /// Whether a part of the answer has left.
  bool started() const { return sent_ > 0; }
  void LimitWrites(net::TimePoint deadline) { write_deadline_ = deadline; }
  /// Adds what every response has.
  void Prepare(HttpResponse& response) const;

 private:
  enum class Progress : std::uint8_t { kRequest, kMore, kClosed };

  Progress Collect();
  void TakeHead();
  void Refuse(const Refusal& refusal);
  void ReportUnrouted(int status) const;
  std::optional<Refusal> Allows(std::size_t body_bytes);
  void Decide();
  bool Answer();
  bool Drain();
  bool Fill();
  bool Send(std::string_view more);
  bool WaitForReader();
  bool Gone() override;
  void NextRequest();
  void Linger();
  std::optional<Wait> Swallow();

  const Shared shared_;
  net::InputBuffer input_;
  std::string output_;

  // The connection.
  bool handshaken_;
  bool begun_ = false;      // bytes of a request have arrived
  bool lingering_ = false;  // no further request: what still comes is swallowed
  std::size_t swallowed_ = 0;
  net::TimePoint linger_until_;
  net::TimePoint deadline_;  // of the handshake, the pause between requests, a head, or lingering

  // The request.
  HeadFinder finder_;
  HttpRequest request_;
  Framing framing_;
  RequestBody body_;
  net::MemoryBudget::Share memory_;         // for what of it is held
  std::optional<BodyAllowance> allowance_;  // once it was asked for
  const Router::Route* route_ = nullptr;
  net::TimePoint began_;  // when its head was complete

  // Its answer.
  std::optional<HttpResponse> ready_;
  std::optional<Refusal> body_refusal_;
  bool keep_alive_ = true;
  bool gone_ = false;
  std::size_t sent_ = 0;      // bytes
  net::TimePoint next_look_;  // at the socket
  net::TimePoint sent_all_;   // when its end was found closed; the epoch: it is not
  net::TimePoint write_deadline_ = net::TimePoint::max();
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_SESSION_H_

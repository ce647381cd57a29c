#include "mockserver/frontend/http/http_session.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "proto/base/free_memory.h"

namespace tql::frontend {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using Io = net::Socket::Io;

constexpr std::size_t kFlushBytes = std::size_t{256} << 10;
/// Pieces of this size are sent directly instead of being copied into the output buffer.
constexpr std::size_t kLargeBytes = std::size_t{32} << 10;
constexpr std::size_t kTlsMerge = std::size_t{16} << 10;
/// Capacity of the body buffer that a session keeps from one request to the next.
constexpr std::size_t kKeptBytes = std::size_t{64} << 10;
/// An unread body of up to this size is discarded; a longer one closes the connection.
constexpr std::size_t kMostUnread = std::size_t{1} << 20;
/// After the deadline, the rest of a response may still be sent for this long to a client that
/// reads.
constexpr milliseconds kLastWait{1000};
/// A worker waits this long in total for a client before another worker may take its place. The sum
/// starts again with each request, and whenever the client has sent or read kRenewalBytes, so a
/// client that sends single bytes does not block a worker.
constexpr milliseconds kMaxBusyWait{20};
constexpr std::size_t kRenewalBytes = std::size_t{64} << 10;
constexpr std::chrono::seconds kFarewell{1};
/// A client that waits for its response is looked for once in this time.
constexpr milliseconds kLookPause{1};
/// Memory that a request may hold without a reservation; the number of workers bounds the total.
constexpr std::size_t kSmallBytes = 4096;
constexpr char kNoMemory[] = "The requests under way hold too many bytes; ask again.";

std::string SecondsText(std::chrono::nanoseconds time) {
  const auto rounded = std::chrono::ceil<std::chrono::seconds>(time).count();
  return std::to_string(rounded) + (rounded == 1 ? " second" : " seconds");
}

milliseconds Until(net::TimePoint deadline) {
  return std::max(milliseconds(0), std::chrono::ceil<milliseconds>(deadline - Clock::now()));
}

}  // namespace

HttpSession::HttpSession(std::unique_ptr<net::Socket> socket, const Shared& shared)
    : Session(std::move(socket)),
      shared_(shared),
      handshaken_(!this->socket().has_tls()),
      finder_(shared.limits.request.max_header_bytes),
      body_(shared.limits.request.max_header_bytes),
      memory_(shared.memory) {
  request_.peer = this->socket().peer();
  request_.tls = this->socket().has_tls();
  request_.space = *shared_.space;
  deadline_ = Clock::now() + (handshaken_ ? shared.limits.idle : shared.limits.handshake);
}

net::Session::Wait HttpSession::FirstWait() { return {deadline_, handshaken_}; }

std::optional<net::Session::Wait> HttpSession::Serve() {
  if (!handshaken_) {
    switch (socket().Handshake()) {
      case Io::kClosed:
        return std::nullopt;
      case Io::kAgain:
        if (Clock::now() >= deadline_) return std::nullopt;
        return Wait{deadline_};
      case Io::kOk:
        handshaken_ = true;
        deadline_ = Clock::now() + shared_.limits.idle;
    }
  }
  for (;;) {
    if (lingering_) return Swallow();
    switch (Collect()) {
      case Progress::kClosed:
        return std::nullopt;
      case Progress::kRequest:
        if (!Answer()) return std::nullopt;
        // Few clients send a request before they have the last response: a read would find nothing.
        if (!lingering_ && input_.view().empty() && !socket().has_tls()) {
          return Wait{deadline_, true};
        }
        break;
      case Progress::kMore:
        if (Clock::now() >= deadline_) {
          if (!begun_) return std::nullopt;
          Refuse({408, "The headers of the request are incomplete after " +
                           SecondsText(shared_.limits.header) + ": found " +
                           std::to_string(input_.view().size()) +
                           " bytes, expected an empty line."});
        } else if (const std::size_t held = input_.view().size();
                   held > kSmallBytes && !memory_.Grow(held, milliseconds(0))) {
          Refuse({503, kNoMemory});
          ready_->headers.emplace_back("Retry-After", "1");
        } else {
          return Wait{deadline_, !begun_};
        }
        if (!Answer()) return std::nullopt;
    }
  }
}

void HttpSession::Rest() {
  input_.Shrink();
  if (output_.empty()) base::FreeMemory(&output_);
}

/// Reads the available input without blocking until a request head is complete.
HttpSession::Progress HttpSession::Collect() {
  for (;;) {
    std::string_view bytes = input_.view();
    if (!begun_) {  // empty lines before a request are allowed
      input_.Consume(std::min(bytes.find_first_not_of("\r\n"), bytes.size()));
      bytes = input_.view();
    }
    if (!bytes.empty()) {
      if (!begun_) deadline_ = Clock::now() + shared_.limits.header;
      begun_ = true;
      switch (finder_.Look(bytes)) {
        case HeadFinder::State::kComplete:
          TakeHead();
          return Progress::kRequest;
        case HeadFinder::State::kRefused:
          Refuse(finder_.refusal());
          return Progress::kRequest;
        case HeadFinder::State::kMore:
          break;
      }
    }
    std::size_t room = 0;
    char* const to = input_.Room(&room);
    std::size_t got = 0;
    const Io io = socket().Read(to, room, &got);
    if (io == Io::kClosed) return Progress::kClosed;
    if (io == Io::kAgain) return Progress::kMore;
    input_.Added(got);
  }
}

void HttpSession::TakeHead() {
  began_ = Clock::now();
  next_look_ = began_ + kLookPause;
  request_.head.assign(input_.view().substr(0, finder_.size()));
  input_.Consume(finder_.size());
  const auto refusal = ReadHead(request_, framing_);
  head_only_ = request_.method == "HEAD";
  if (refusal) return Refuse(*refusal);
  keep_alive_ = framing_.keep_alive;
  body_.Begin(framing_, [this](std::size_t bytes) { return Allows(bytes); });
  Decide();
}

/// Selects the gate, the route or an error to answer the request.
void HttpSession::Decide() {
  // A client that waits for "100 Continue" may or may not send its body, so its end is unknown.
  const bool body_may_stay = framing_.length <= kMostUnread && !framing_.expect_continue;
  if (shared_.gate != nullptr) ready_ = shared_.gate->Answer(request_, shared_.port);
  if (ready_) {
    keep_alive_ = keep_alive_ && body_may_stay;
    return;
  }
  HttpResponse error;
  route_ = shared_.router.Find(request_, &error);
  if (route_ == nullptr) {
    ready_ = std::move(error);
    keep_alive_ = keep_alive_ && body_may_stay;
    return;
  }
  if (route_->body != BodyMode::kStreamed) {
    if (const auto refusal = RefuseEncoding(framing_)) return Refuse(*refusal);
  }
  if (framing_.expect_continue && AskAllowance() && !allowance_->refusal.empty()) {
    return Refuse({allowance_->status, allowance_->refusal});  // instead of asking for the body
  }
  if (const auto refusal = Allows(framing_.length)) Refuse(*refusal);
}

/// Sets the error response; the connection is closed after it.
void HttpSession::Refuse(const Refusal& refusal) {
  if (request_.head.empty()) head_only_ = input_.view().starts_with("HEAD ");
  ready_ = ErrorResponse(refusal.status, refusal.why);
  keep_alive_ = false;
}

/// Whether the size of this request's body depends on the client; `allowance_` is then set.
bool HttpSession::AskAllowance() {
  if (allowance_) return true;
  if (!shared_.limits.request.body_allowance) return false;
  allowance_ = shared_.limits.request.body_allowance(request_);
  if (!allowance_) allowance_ = BodyAllowance{.bytes = MostBodyBytes(), .refusal = ""};
  return true;
}

std::size_t HttpSession::MostBodyBytes() const {
  const bool streamed = route_ != nullptr && route_->body == BodyMode::kStreamed;
  return streamed ? std::string_view::npos : shared_.limits.request.max_body_bytes;
}

std::optional<Refusal> HttpSession::Allows(std::size_t body_bytes) {
  std::size_t most = MostBodyBytes();
  if (body_bytes <= std::min(shared_.limits.request.unasked_body_bytes, most)) return std::nullopt;
  if (AskAllowance()) most = allowance_->bytes;
  if (body_bytes <= most) return std::nullopt;
  if (allowance_ && !allowance_->refusal.empty()) {
    return Refusal{allowance_->status, allowance_->refusal};
  }
  return Refusal{413, std::string("The body has ") + (framing_.chunked ? "at least " : "") +
                          std::to_string(body_bytes) + " bytes, expected at most " +
                          std::to_string(most) + '.'};
}

void HttpSession::ReportUnrouted(int status) const {
  if (shared_.on_unrouted && !request_.method.empty()) shared_.on_unrouted(request_, status);
}

bool HttpSession::Answer() {
  if (ready_) ReportUnrouted(ready_->status);
  // Whether the connection can be kept must be known before the response announces it.
  if (ready_ && keep_alive_ && !body_.complete()) keep_alive_ = Drain();
  if (gone_) return false;
  bool complete = shared_.processor.Answer(*this);
  if (!complete && ready_ && !started() && !gone_) {
    output_.clear();
    complete = shared_.processor.Answer(*this);
  }
  complete = complete && Flush();
  if (!complete || gone_) return false;
  if (keep_alive_ && !body_.complete()) keep_alive_ = Drain();
  if (keep_alive_) {
    NextRequest();
  } else {
    Linger();
  }
  return true;
}

void HttpSession::Prepare(HttpResponse& response) const {
  if (shared_.gate != nullptr) shared_.gate->AddCorsHeaders(request_, shared_.port, response);
}

bool HttpSession::AllowMemory(std::size_t bytes) {
  if (bytes <= kSmallBytes || memory_.Grow(bytes, milliseconds(0))) return true;
  {
    const net::WorkerPool::Waiting waiting(shared_.workers);
    if (memory_.Grow(bytes, shared_.limits.memory)) return true;
  }
  RefuseBody(503, kNoMemory);
  return false;
}

void HttpSession::NextRequest() {
  finder_.Reset();
  moved_ = 0;
  busy_wait_ = {};
  begun_ = false;
  request_.head.clear();
  request_.method = request_.path = request_.query = request_.host = {};
  request_.headers.clear();
  request_.parameters.clear();
  request_.form.reset();
  request_.http_1_0 = false;
  head_only_ = false;
  // A large body's memory is not kept for the small ones that usually follow.
  if (request_.body.capacity() > kKeptBytes) {
    base::FreeMemory(&request_.body);
  } else {
    request_.body.clear();
  }
  memory_.Release();
  framing_ = Framing();
  allowance_.reset();
  route_ = nullptr;
  ready_.reset();
  body_refusal_.reset();
  keep_alive_ = true;
  sent_ = 0;
  sent_all_ = net::TimePoint();
  write_deadline_ = net::TimePoint::max();
  deadline_ = Clock::now() + shared_.limits.idle;
}

std::ptrdiff_t HttpSession::ReadBody(char* data, std::size_t size) {
  std::size_t read = 0;
  while (read < size && !body_.complete() && !body_.refusal() && !body_refusal_) {
    if (input_.view().empty() && !Fill()) return -1;
    const std::string_view before = input_.view();
    std::string_view bytes = before;
    read += body_.Decode(bytes, data + read, size - read);
    input_.Consume(before.size() - bytes.size());
  }
  return body_.refusal() || body_refusal_ ? -1 : static_cast<std::ptrdiff_t>(read);
}

std::optional<HttpResponse> HttpSession::BodyRefusal() {
  const auto& refusal = body_refusal_ ? body_refusal_ : body_.refusal();
  if (!refusal) return std::nullopt;
  keep_alive_ = false;
  ReportUnrouted(refusal->status);
  HttpResponse response = shared_.router.ErrorOf(request_, refusal->status, refusal->why);
  if (refusal->status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

void HttpSession::RefuseBody(int status, std::string why) {
  if (body_.refusal() || body_refusal_) return;
  body_refusal_ = Refusal{status, std::move(why)};
}

/// Discards the part of the body that no handler has read.
bool HttpSession::Drain() {
  char buffer[4096];
  for (std::size_t left = kMostUnread; left > 0;) {
    const std::ptrdiff_t n = ReadBody(buffer, std::min(left, sizeof(buffer)));
    if (n <= 0) return n == 0;
    left -= static_cast<std::size_t>(n);
  }
  return body_.complete();
}

/// Waits for the socket; beyond kMaxBusyWait only while another worker may take this one's place.
bool HttpSession::WaitFor(milliseconds patience) {
  if (patience <= milliseconds(0)) return socket().Wait(milliseconds(0));
  if (busy_wait_ < kMaxBusyWait) {
    const net::TimePoint start = Clock::now();
    const milliseconds busy =
        std::min(patience, std::chrono::ceil<milliseconds>(kMaxBusyWait - busy_wait_));
    const bool ready = socket().Wait(busy);
    busy_wait_ += Clock::now() - start;
    if (ready || busy == patience) return ready;
    patience -= busy;
  }
  const net::WorkerPool::Waiting waiting(shared_.workers);
  return socket().Wait(patience);
}

void HttpSession::Moved(std::size_t bytes) {
  moved_ += bytes;
  if (moved_ < kRenewalBytes) return;
  moved_ = 0;
  busy_wait_ = {};
}

/// Waits for more bytes of the body.
bool HttpSession::Fill() {
  if (!Flush()) return false;  // the client may wait for it before it sends
  for (;;) {
    std::size_t room = 0;
    char* const to = input_.Room(&room);
    std::size_t got = 0;
    const Io io = socket().Read(to, room, &got);
    if (io == Io::kOk) {
      input_.Added(got);
      Moved(got);
      return true;
    }
    const auto deadline = began_ + shared_.limits.body + std::chrono::seconds(body_.size() >> 16);
    if (io == Io::kClosed) {
      gone_ = true;
      return false;
    }
    if (!WaitFor(Until(deadline)) && Clock::now() >= deadline) {
      RefuseBody(408, "The body of the request is incomplete after " +
                          SecondsText(deadline - began_) + ": found " +
                          std::to_string(body_.size()) + " bytes" +
                          (framing_.chunked ? std::string(", expected the last chunk.")
                                            : " of " + std::to_string(framing_.length) + '.'));
      return false;
    }
  }
}

bool HttpSession::Write(std::string_view bytes) {
  if (gone_) return false;
  if (bytes.size() >= kLargeBytes || output_.size() + bytes.size() >= kFlushBytes) {
    return Send(bytes);
  }
  output_.append(bytes);
  return true;
}

/// Sends the output buffer and then `more`.
bool HttpSession::Send(std::string_view more) {
  if (gone_) return false;
  if (socket().has_tls() && !output_.empty() && output_.size() + more.size() <= kTlsMerge) {
    output_.append(more);  // one record rather than two
    more = {};
  }
  std::string_view first = output_;
  while (!first.empty() || !more.empty()) {
    std::size_t sent = 0;
    const Io io = socket().Write(first, more, &sent);
    if (io == Io::kClosed || (io == Io::kAgain && !WaitForReader())) {
      gone_ = true;
      return false;
    }
    sent_ += sent;
    Moved(sent);
    const std::size_t of_first = std::min(sent, first.size());
    first.remove_prefix(of_first);
    more.remove_prefix(sent - of_first);
  }
  output_.clear();
  return true;
}

void HttpSession::End(const net::Cut& cut) {
  if (cut.drop_unsent && !started()) output_.clear();
  if (!Flush()) return;
  if (cut.how == net::Cut::How::kStall) {
    const net::WorkerPool::Waiting waiting(shared_.workers);
    constexpr milliseconds kPause{5};
    while (!Gone() && !(cut.released && cut.released())) std::this_thread::sleep_for(kPause);
  }
  if (cut.how == net::Cut::How::kReset) socket().ResetOnClose();
  gone_ = true;
}

void HttpSession::RunWaiting(const std::function<void()>& wait) {
  const net::WorkerPool::Waiting waiting(shared_.workers);
  wait();
}

bool HttpSession::WaitForReader() {
  const auto rest = std::chrono::ceil<milliseconds>(write_deadline_ - Clock::now());
  return WaitFor(std::min(shared_.limits.write, std::max(rest, kLastWait)));
}

bool HttpSession::Gone() {
  if (gone_) return true;
  const auto now = Clock::now();
  if (now < next_look_) return false;
  next_look_ = now + kLookPause;
  switch (socket().LookForPeer()) {
    case net::Socket::Peer::kThere:
      return false;
    case net::Socket::Peer::kSentAll:
      if (sent_all_ == net::TimePoint()) sent_all_ = now;
      return gone_ = now - sent_all_ >= kFarewell;
    case net::Socket::Peer::kGone:
      break;
  }
  return gone_ = true;
}

/// Ends the connection: closes the sending side, then discards further input within the limits, so
/// that the client can read the response before the connection is closed.
void HttpSession::Linger() {
  lingering_ = true;
  NextRequest();
  input_ = net::InputBuffer();
  base::FreeMemory(&output_);
  const auto now = Clock::now();
  linger_until_ = now + shared_.limits.linger_all;
  deadline_ = std::min(now + shared_.limits.linger, linger_until_);
  socket().EndWriting();
}

std::optional<net::Session::Wait> HttpSession::Swallow() {
  char buffer[4096];
  // A bounded amount at a time: a client that never stops sending ends at the deadline.
  for (int i = 0; i < 64; ++i) {
    std::size_t got = 0;
    const Io io = socket().Read(buffer, sizeof(buffer), &got);
    if (io == Io::kClosed) return std::nullopt;
    if (io == Io::kAgain) break;
    swallowed_ += got;
    if (swallowed_ > shared_.limits.linger_bytes) return std::nullopt;
    deadline_ = std::min(Clock::now() + shared_.limits.linger, linger_until_);
  }
  if (Clock::now() >= deadline_) return std::nullopt;
  return Wait{deadline_};
}

}  // namespace tql::frontend

#include "mockserver/frontend/http/connection.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace tql::frontend {
namespace {

constexpr std::size_t kReadSize = std::size_t{64} << 10;
/// Behind a deadline the rest of an answer may still go out, to a client that reads it.
constexpr std::chrono::milliseconds kLastWait{1000};
/// A client that takes longer to read keeps no thread from others.
constexpr std::chrono::milliseconds kSlow{20};
constexpr std::size_t kTlsMerge = std::size_t{16} << 10;

int WaitFor(int fd, short events, std::chrono::milliseconds timeout) {
  pollfd poller{fd, events, 0};
  const int limit = static_cast<int>(std::min<std::int64_t>(timeout.count(), INT_MAX));
  int ready = 0;
  do {
    ready = poll(&poller, 1, limit);
  } while (ready < 0 && errno == EINTR);
  return ready;
}

}  // namespace

void Connection::FreeSsl::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Connection::Connection(int fd, ssl_ctx_st* tls, std::string peer, const ConnectionLimits& limits)
    : fd_(fd),
      limits_(limits),
      peer_(std::move(peer)),
      parser_(limits.request),
      events_(POLLIN),
      started_(std::chrono::steady_clock::now()) {
  if (tls != nullptr) {
    ssl_.reset(SSL_new(tls));
    if (ssl_) {
      SSL_set_fd(ssl_.get(), fd_);
      SSL_set_accept_state(ssl_.get());
    }
    handshaking_ = true;
  }
  phase_ = UINT8_MAX;
  SetDeadline();
}

Connection::~Connection() {
  if (ssl_ && !handshaking_) SSL_shutdown(ssl_.get());  // says good-bye, waits for no answer
  ERR_clear_error();
  close(fd_);
}

void Connection::SetDeadline() {
  enum Phase : std::uint8_t { kHandshake, kLinger, kIdle, kHeader, kBody };
  const Phase phase = handshaking_                                     ? kHandshake
                      : lingering_                                     ? kLinger
                      : parser_.empty()                                ? kIdle
                      : parser_.state() == RequestParser::State::kHead ? kHeader
                                                                       : kBody;
  if (phase != phase_) {
    phase_ = phase;
    started_ = std::chrono::steady_clock::now();
  }
  switch (phase) {
    case kHandshake:
      deadline_ = started_ + limits_.handshake;
      break;
    case kLinger:
      deadline_ = std::min(std::chrono::steady_clock::now() + limits_.linger,
                           started_ + limits_.linger_all);
      break;
    case kIdle:
      deadline_ = started_ + limits_.idle;
      break;
    case kHeader:
      deadline_ = started_ + limits_.header;
      break;
    case kBody:
      deadline_ =
          started_ + limits_.body + std::chrono::seconds(parser_.request().body.size() >> 16);
      break;
  }
}

Connection::Io Connection::TlsResult(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  events_ = error == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? Io::kAgain : Io::kClosed;
}

Connection::Io Connection::Read(char* data, std::size_t size, std::size_t* got) {
  if (ssl_) {
    const int result = SSL_read_ex(ssl_.get(), data, size, got);
    return result == 1 ? Io::kOk : TlsResult(result);
  }
  ssize_t n = 0;
  do {
    n = recv(fd_, data, size, 0);
  } while (n < 0 && errno == EINTR);
  if (n > 0) {
    *got = static_cast<std::size_t>(n);
    return Io::kOk;
  }
  events_ = POLLIN;
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Io::kAgain : Io::kClosed;
}

bool Connection::Handshake(Progress* progress) {
  if (!handshaking_) return true;
  if (!ssl_) {
    *progress = Progress::kClosed;
    return false;
  }
  const int result = SSL_accept(ssl_.get());
  if (result == 1) {
    handshaking_ = false;
    return true;
  }
  *progress = TlsResult(result) == Io::kAgain ? Progress::kWait : Progress::kClosed;
  return false;
}

Connection::Progress Connection::Swallow() {
  char buffer[4096];
  std::size_t got = 0;
  // A bounded amount at a time: a client that never stops sending ends at the deadline.
  for (int i = 0; i < 64; ++i) {
    const Io io = Read(buffer, sizeof(buffer), &got);
    if (io == Io::kAgain) return Progress::kWait;
    if (io == Io::kClosed) return Progress::kClosed;
    swallowed_ += got;
    if (swallowed_ > limits_.linger_bytes) return Progress::kClosed;
    SetDeadline();
  }
  return std::chrono::steady_clock::now() < deadline_ ? Progress::kWait : Progress::kClosed;
}

bool Connection::FeedPending() {
  if (pending_.empty()) return false;
  pending_.erase(0, parser_.Feed(pending_));
  return true;
}

Connection::Progress Connection::Advance() {
  Progress progress = Progress::kWait;
  if (!Handshake(&progress)) return progress;
  if (lingering_) return Swallow();
  FeedPending();
  char buffer[kReadSize];
  for (;;) {
    if (parser_.state() == RequestParser::State::kComplete) return Progress::kRequest;
    if (parser_.state() == RequestParser::State::kError) return Progress::kRefused;
    if (parser_.state() == RequestParser::State::kBody && parser_.TakeExpectContinue() &&
        !Write("HTTP/1.1 100 Continue\r\n\r\n")) {
      return Progress::kClosed;
    }
    std::size_t got = 0;
    const Io io = Read(buffer, sizeof(buffer), &got);
    if (io == Io::kClosed) return Progress::kClosed;
    if (io == Io::kAgain) {
      SetDeadline();
      return Progress::kWait;
    }
    const std::string_view bytes(buffer, got);
    pending_.assign(bytes.substr(parser_.Feed(bytes)));
  }
}

void Connection::NextRequest() {
  parser_.Reset();
  phase_ = UINT8_MAX;
}

void Connection::Linger() {
  lingering_ = true;
  parser_.Reset();
  pending_.clear();
  SetDeadline();
  if (ssl_) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  shutdown(fd_, SHUT_WR);
}

bool Connection::WaitBriefly(std::chrono::milliseconds timeout) const {
  return WaitFor(fd_, events_, timeout) > 0;
}

Connection::Io Connection::Send(std::string_view first, std::string_view second,
                                std::size_t* sent) {
  if (ssl_) {
    const std::string_view part = first.empty() ? second : first;
    const int result = SSL_write_ex(ssl_.get(), part.data(), part.size(), sent);
    return result == 1 ? Io::kOk : TlsResult(result);
  }
  iovec parts[2] = {{const_cast<char*>(first.data()), first.size()},
                    {const_cast<char*>(second.data()), second.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  const ssize_t n = sendmsg(fd_, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
  if (n >= 0) {
    *sent = static_cast<std::size_t>(n);
    return Io::kOk;
  }
  events_ = POLLOUT;
  return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? Io::kAgain : Io::kClosed;
}

bool Connection::WaitForReader(TimePoint deadline) {
  const auto rest =
      std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  const auto patience = std::min(limits_.write, std::max(rest, kLastWait));
  if (WaitFor(fd_, events_, std::min(patience, kSlow)) > 0) return true;
  if (patience <= kSlow) return false;
  const auto wait = [&] { return WaitFor(fd_, events_, patience - kSlow) > 0; };
  return on_slow_reader_ ? on_slow_reader_(wait) : wait();
}

bool Connection::Write(std::string_view first, std::string_view second, TimePoint deadline) {
  std::string merged;
  if (ssl_ && !first.empty() && !second.empty() && first.size() + second.size() <= kTlsMerge) {
    merged.append(first).append(second);  // one record rather than two
    first = merged;
    second = {};
  }
  while (!first.empty() || !second.empty()) {
    std::size_t sent = 0;
    const Io io = Send(first, second, &sent);
    if (io == Io::kClosed || (io == Io::kAgain && !WaitForReader(deadline))) return false;
    const std::size_t of_first = std::min(sent, first.size());
    first.remove_prefix(of_first);
    second.remove_prefix(sent - of_first);
  }
  events_ = POLLIN;
  return true;
}

Connection::Client Connection::LookForClient() const {
  // Not by reading: bytes that wait, such as TLS's good-bye, would hide the end behind them.
  pollfd poller{fd_, POLLRDHUP, 0};
  if (poll(&poller, 1, 0) <= 0) return Client::kThere;
  return (poller.revents & (POLLERR | POLLHUP)) != 0 ? Client::kGone : Client::kSentAll;
}

void Connection::Shutdown() const { shutdown(fd_, SHUT_RDWR); }

}  // namespace tql::frontend

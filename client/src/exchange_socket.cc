#include "client/src/exchange_socket.h"

#include <fcntl.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <string_view>
#include <utility>

#include "client/src/http_framing.h"

namespace tql {
namespace {

constexpr std::size_t kReadBuffer = std::size_t{64} << 10;

}  // namespace

HoldSigpipe::HoldSigpipe() {
  sigemptyset(&pipe_);
  sigaddset(&pipe_, SIGPIPE);
  sigset_t pending;
  sigpending(&pending);
  was_pending_ = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}
HoldSigpipe::~HoldSigpipe() {
  const timespec now{};
  if (!was_pending_) sigtimedwait(&pipe_, nullptr, &now);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

ExchangeSocket::ExchangeSocket(int fd, SSL* ssl, const std::string& origin, Exchange& exchange)
    : fd_(fd), ssl_(ssl), origin_(origin), exchange_(exchange), buffer_(new char[kReadBuffer]) {
  fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL, 0) | O_NONBLOCK);
}

ssize_t ExchangeSocket::Read(char* data, std::size_t size) {
  if (begin_ == end_) {
    const ssize_t n = Transfer(POLLIN, [&] { return Receive(); });
    if (n <= 0) return n;
    begin_ = 0;
    end_ = static_cast<std::size_t>(n);
    exchange_.answered = true;
    if (!BeginsWell()) return -1;
  }
  // Heads and chunk sizes are read byte by byte; what is longer belongs to the body.
  if (size == 1 && !CountByte(buffer_[begin_])) return -1;
  const std::size_t n = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.get() + begin_, n);
  begin_ += n;
  return static_cast<ssize_t>(n);
}

ssize_t ExchangeSocket::Write(const char* data, std::size_t size) {
  return Transfer(POLLOUT, [&]() -> ssize_t {
    if (!ssl_) return send(fd_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    return SSL_write(ssl_, data, static_cast<int>(std::min<std::size_t>(size, 1 << 30)));
  });
}

ssize_t ExchangeSocket::Receive() {
  if (!ssl_) return recv(fd_, buffer_.get(), kReadBuffer, MSG_DONTWAIT);
  return SSL_read(ssl_, buffer_.get(), kReadBuffer);
}

bool ExchangeSocket::BeginsWell() {
  const std::string_view wanted = kHttpBegin.substr(begun_, end_);
  begun_ += wanted.size();
  const std::string_view found(buffer_.get(), end_);
  return found.starts_with(wanted) || exchange_.Fail(WrongBegin(origin_, found));
}

bool ExchangeSocket::CountByte(char c) {
  if (exchange_.budget == 0) {
    return exchange_.Fail(InternalError("the answer's head is longer than " +
                                        std::to_string(kMostHeadBytes >> 10) + " KiB"));
  }
  --exchange_.budget;
  if (exchange_.line.ends_with('\n')) exchange_.line.clear();
  exchange_.line += c;
  if (!exchange_.in_head || c != '\n') return true;
  Status status = CheckHeadLine(origin_, exchange_.line);
  return status.ok() || exchange_.Fail(std::move(status));
}

template <typename Operation>
ssize_t ExchangeSocket::Transfer(short events, Operation operation) {
  // A peer whose bytes always wait is never waited for.
  while (exchange_.MayGoOn()) {
    errno = 0;
    const ssize_t n = operation();
    if (n > 0) return n;
    short wanted = events;
    if (ssl_) {
      const int error = SSL_get_error(ssl_, static_cast<int>(n));
      exchange_.lost = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
      if (error == SSL_ERROR_ZERO_RETURN) return 0;
      wanted = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    } else {
      if (n < 0 && errno == EINTR) continue;
      exchange_.lost = n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
      if (n == 0) return 0;
    }
    if (exchange_.lost || !exchange_.Wait(fd_, wanted)) return -1;
  }
  return -1;
}

}  // namespace tql

#include "client/src/request_socket.h"

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

// Responses are read in large pieces, because httplib reads header lines byte by byte.
constexpr std::size_t kReadBuffer = std::size_t{64} << 10;

}  // namespace

SigpipeBlocker::SigpipeBlocker() {
  sigemptyset(&pipe_);
  sigaddset(&pipe_, SIGPIPE);
  sigset_t pending;
  sigpending(&pending);
  was_pending_ = sigismember(&pending, SIGPIPE) == 1;
  pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
}
// A signal that was pending before belongs to somebody else and stays.
SigpipeBlocker::~SigpipeBlocker() {
  const timespec now{};
  if (!was_pending_) sigtimedwait(&pipe_, nullptr, &now);
  pthread_sigmask(SIG_SETMASK, &before_, nullptr);
}

RequestSocket::RequestSocket(int fd, SSL* ssl, const std::string& origin, RequestState& state)
    : fd_(fd), ssl_(ssl), origin_(origin), state_(state), buffer_(new char[kReadBuffer]) {
  fcntl(fd_, F_SETFL, fcntl(fd_, F_GETFL, 0) | O_NONBLOCK);
}

ssize_t RequestSocket::Read(char* data, std::size_t size) {
  if (begin_ == end_) {
    if (const ssize_t n = Fill(); n <= 0) return n;
  }
  if (!state_.in_head && state_.is_chunked && chunks_.in_trailer()) {
    if (const ssize_t n = SkipTrailer(); n <= 0) return n;
  }
  // httplib 0.11 reads headers and chunk sizes with size 1, and only the body with larger sizes.
  if (size == 1 && !CountByte(buffer_[begin_])) return -1;
  const std::size_t n = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.get() + begin_, n);
  begin_ += n;
  if (!state_.in_head && state_.is_chunked) chunks_.Pass({data, n});
  return static_cast<ssize_t>(n);
}

// Receives more bytes into the empty buffer.
ssize_t RequestSocket::Fill() {
  const ssize_t n = Transfer(POLLIN, [&] { return Receive(); });
  if (n <= 0) return n;
  begin_ = 0;
  end_ = static_cast<std::size_t>(n);
  state_.has_response = true;
  return CheckPrefix() ? n : -1;
}

// Removes the fields after the last chunk, which mean nothing to a client (RFC 9112, section
// 7.1.2). httplib 0.11 takes them for broken framing. The empty line after them remains.
ssize_t RequestSocket::SkipTrailer() {
  while (buffer_[begin_] != '\r' && buffer_[begin_] != '\n') {
    char c = 0;
    do {
      if (begin_ == end_) {
        if (const ssize_t n = Fill(); n <= 0) return n;
      }
      c = buffer_[begin_++];
      if (!CountByte(c)) return -1;
    } while (c != '\n');
    if (begin_ == end_) {
      if (const ssize_t n = Fill(); n <= 0) return n;
    }
  }
  return 1;
}

ssize_t RequestSocket::Write(const char* data, std::size_t size) {
  return Transfer(POLLOUT, [&]() -> ssize_t {
    if (!ssl_) return send(fd_, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    return SSL_write(ssl_, data, static_cast<int>(std::min<std::size_t>(size, 1 << 30)));
  });
}

ssize_t RequestSocket::Receive() {
  if (!ssl_) return recv(fd_, buffer_.get(), kReadBuffer, MSG_DONTWAIT);
  return SSL_read(ssl_, buffer_.get(), kReadBuffer);
}

// Checks the prefix of the response, which may arrive in several pieces, before httplib reads it.
bool RequestSocket::CheckPrefix() {
  const std::string_view wanted = kHttpPrefix.substr(prefix_bytes_, end_);
  prefix_bytes_ += wanted.size();
  const std::string_view found(buffer_.get(), end_);
  return found.starts_with(wanted) || state_.Fail(InvalidPrefix(origin_, found));
}

// Accounts for a byte of the header or the framing, and checks each complete header line.
bool RequestSocket::CountByte(char c) {
  if (state_.budget == 0) {
    return state_.Fail(InternalError("the response header is longer than " +
                                     std::to_string(kMostHeadBytes >> 10) + " KiB"));
  }
  --state_.budget;
  if (state_.line.ends_with('\n')) state_.line.clear();
  state_.line += c;
  if (!state_.in_head || c != '\n') return true;
  Status status = CheckHeadLine(origin_, state_.line);
  return status.ok() || state_.Fail(std::move(status));
}

// Repeats `operation`, which reads or writes, until it transfers bytes, the connection ends, or the
// request must end. TLS may need to read in order to write and vice versa.
template <typename Operation>
ssize_t RequestSocket::Transfer(short events, Operation operation) {
  // Check the deadline on each pass: if data is always available, poll() is never called.
  while (state_.MayContinue()) {
    errno = 0;
    const ssize_t n = operation();
    if (n > 0) return n;
    short wanted = events;
    if (ssl_) {
      const int error = SSL_get_error(ssl_, static_cast<int>(n));
      state_.connection_lost = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
      if (error == SSL_ERROR_ZERO_RETURN) return 0;
      wanted = error == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    } else {
      if (n < 0 && errno == EINTR) continue;
      state_.connection_lost = n == 0 || (errno != EAGAIN && errno != EWOULDBLOCK);
      if (n == 0) return 0;
    }
    if (state_.connection_lost || !state_.Wait(fd_, wanted)) return -1;
  }
  return -1;
}

}  // namespace tql

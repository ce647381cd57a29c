#include "mockserver/net/socket.h"

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

namespace tql::net {

void Socket::FreeSsl::operator()(ssl_st* ssl) const { SSL_free(ssl); }

Socket::Socket(int fd, ssl_ctx_st* tls, std::string peer)
    : fd_(fd),
      tls_(tls != nullptr),
      handshaking_(tls != nullptr),
      events_(POLLIN),
      peer_(std::move(peer)) {
  if (tls == nullptr) return;
  ssl_.reset(SSL_new(tls));
  if (!ssl_) return;  // Handshake() reports the error
  SSL_set_fd(ssl_.get(), fd_);
  SSL_set_accept_state(ssl_.get());
}

Socket::~Socket() {
  if (ssl_ && !handshaking_) SSL_shutdown(ssl_.get());  // sends close_notify, awaits no answer
  ERR_clear_error();
  close(fd_);
}

Socket::Io Socket::TlsResult(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  ERR_clear_error();
  events_ = error == SSL_ERROR_WANT_WRITE ? POLLOUT : POLLIN;
  return error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE ? Io::kAgain : Io::kClosed;
}

Socket::Io Socket::Handshake() {
  if (!handshaking_) return Io::kOk;
  if (!ssl_) return Io::kClosed;
  const int result = SSL_accept(ssl_.get());
  if (result != 1) return TlsResult(result);
  handshaking_ = false;
  return Io::kOk;
}

Socket::Io Socket::Read(char* data, std::size_t size, std::size_t* got) {
  if (ssl_) {
    const int result = SSL_read_ex(ssl_.get(), data, size, got);
    return result == 1 ? Io::kOk : TlsResult(result);
  }
  ssize_t n = 0;
  do {
    n = recv(fd_, data, size, MSG_DONTWAIT);
  } while (n < 0 && errno == EINTR);
  if (n > 0) {
    *got = static_cast<std::size_t>(n);
    return Io::kOk;
  }
  events_ = POLLIN;
  return n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK) ? Io::kAgain : Io::kClosed;
}

Socket::Io Socket::Write(std::string_view first, std::string_view second, std::size_t* sent) {
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

bool Socket::Wait(std::chrono::milliseconds timeout) const {
  pollfd poller{fd_, events_, 0};
  const int limit = static_cast<int>(std::clamp<std::int64_t>(timeout.count(), 0, INT_MAX));
  int ready = 0;
  do {
    ready = poll(&poller, 1, limit);
  } while (ready < 0 && errno == EINTR);
  return ready > 0;
}

Socket::Peer Socket::LookForPeer() const {
  // Reading would not detect the end behind unread bytes, such as a close_notify.
  pollfd poller{fd_, POLLRDHUP, 0};
  if (poll(&poller, 1, 0) <= 0) return Peer::kThere;
  return (poller.revents & (POLLERR | POLLHUP)) != 0 ? Peer::kGone : Peer::kSentAll;
}

void Socket::EndWriting() {
  if (ssl_) {
    SSL_shutdown(ssl_.get());
    ERR_clear_error();
  }
  events_ = POLLIN;
  shutdown(fd_, SHUT_WR);
}

void Socket::Shutdown() const { shutdown(fd_, SHUT_RDWR); }

void Socket::ResetOnClose() {
  const linger at_once{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
  ssl_.reset();  // a close_notify would announce an orderly end
}

}  // namespace tql::net

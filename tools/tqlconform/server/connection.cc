#include "tools/tqlconform/server/connection.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

constexpr std::size_t kReadBytes = std::size_t{64} << 10;

bool WouldBlock(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

Io FromErrno(int error) { return error == ECONNRESET || error == EPIPE ? Io::kReset : Io::kBroken; }

std::string TlsError() {
  std::array<char, 256> text{};
  const unsigned long code = ERR_get_error();
  if (code == 0) return "the peer closed the connection";
  ERR_error_string_n(code, text.data(), text.size());
  ERR_clear_error();
  return text.data();
}

bool IsAddress(const std::string& host) {
  in6_addr address{};
  return inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

struct FreeAddresses {
  void operator()(addrinfo* list) const { freeaddrinfo(list); }
};

StatusOr<std::unique_ptr<addrinfo, FreeAddresses>> Resolve(const Endpoint& endpoint) {
  addrinfo hints{};
  hints.ai_family = AF_UNSPEC;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* list = nullptr;
  const int error =
      getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &list);
  if (error != 0) {
    return tql::UnavailableError(endpoint.host + ": " + std::string(gai_strerror(error)));
  }
  return std::unique_ptr<addrinfo, FreeAddresses>(list);
}

Status FromWait(Io io, const std::string& what) {
  switch (io) {
    case Io::kTimeout:
      return tql::DeadlineExceededError(what + ": no answer in time");
    case Io::kInterrupted:
      return tql::CancelledError(what + ": interrupted");
    default:
      return tql::UnavailableError(what + ": the connection was closed");
  }
}

}  // namespace

void Interrupt::Wake::operator()() const noexcept {
  const std::uint64_t one = 1;
  static_cast<void>(write(fd, &one, sizeof(one)));
}

Interrupt::Interrupt(const std::stop_token& stop)
    : token_(stop), fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)), callback_(stop, Wake{fd_}) {}

Interrupt::~Interrupt() {
  if (fd_ >= 0) close(fd_);
}

void Interrupt::SleepFor(std::chrono::nanoseconds time) const {
  const Clock::time_point end = Clock::now() + time;
  pollfd fd{fd_, POLLIN, 0};
  for (auto left = time; left.count() > 0; left = end - Clock::now()) {
    constexpr std::int64_t kMostWait = 60'000;
    const auto wait = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    if (poll(&fd, 1, static_cast<int>(std::min(wait, kMostWait))) > 0) return;
  }
}

std::string Endpoint::Authority() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  return (is_v6 ? '[' + host + ']' : host) + ':' + std::to_string(port);
}

void Connection::FreeContext::operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
void Connection::FreeSsl::operator()(SSL* ssl) const { SSL_free(ssl); }

Connection::~Connection() {
  if (ssl_) SSL_shutdown(ssl_.get());
  close(fd_);
}

Io Connection::WaitFor(short events, Clock::time_point deadline, const Interrupt& interrupt) const {
  using std::chrono::milliseconds;
  std::array<pollfd, 2> fds{{{fd_, events, 0}, {interrupt.fd(), POLLIN, 0}}};
  while (true) {
    const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now()).count();
    if (left <= 0) return Io::kTimeout;
    constexpr std::int64_t kMostWait = 60'000;
    const int ready = poll(fds.data(), fds.size(), static_cast<int>(std::min(left, kMostWait)));
    if (ready < 0 && errno != EINTR) return Io::kBroken;
    if (ready <= 0) continue;
    if (fds[1].revents != 0) return Io::kInterrupted;
    return Io::kOk;
  }
}

std::unique_ptr<Connection> Connection::Adopt(int fd) {
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return std::unique_ptr<Connection>(new Connection(fd));
}

Connection* Connection::Ready(Connection* first, Connection* second, Clock::time_point deadline,
                              const Interrupt& interrupt) {
  std::array<pollfd, 3> fds{
      {{first->fd_, POLLIN, 0}, {second->fd_, POLLIN, 0}, {interrupt.fd(), POLLIN, 0}}};
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
  if (poll(fds.data(), fds.size(), static_cast<int>(std::max<std::int64_t>(left, 0))) <= 0) {
    return nullptr;
  }
  if (fds[2].revents != 0) return nullptr;
  return fds[0].revents != 0 ? first : second;
}

StatusOr<std::unique_ptr<Connection>> Connection::Open(const Endpoint& endpoint,
                                                       Clock::time_point deadline,
                                                       const Interrupt& interrupt) {
  const auto addresses = Resolve(endpoint);
  if (!addresses.ok()) return addresses.status();
  Status status;
  for (const addrinfo* at = addresses->get(); at != nullptr; at = at->ai_next) {
    const int fd = socket(at->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) return tql::UnavailableError(std::strerror(errno));
    std::unique_ptr<Connection> connection(new Connection(fd));
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    int error = connect(fd, at->ai_addr, at->ai_addrlen) == 0 ? 0 : errno;
    if (error == EINPROGRESS) {
      const Io io = connection->WaitFor(POLLOUT, deadline, interrupt);
      if (io != Io::kOk) {
        status = FromWait(io, "cannot connect to " + endpoint.Authority());
        if (io == Io::kInterrupted) return status;
        continue;
      }
      socklen_t size = sizeof(error);
      getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error != 0) {
      status = tql::UnavailableError("cannot connect to " + endpoint.Authority() + ": " +
                                     std::strerror(error));
      continue;
    }
    if (endpoint.tls) {
      status = connection->StartTls(endpoint, deadline, interrupt);
      if (!status.ok()) return status;
    }
    return connection;
  }
  return status.ok() ? tql::UnavailableError(endpoint.host + " has no address") : status;
}

Status Connection::StartTls(const Endpoint& endpoint, Clock::time_point deadline,
                            const Interrupt& interrupt) {
  const std::string origin = endpoint.Authority();
  ERR_clear_error();
  context_.reset(SSL_CTX_new(TLS_client_method()));
  if (!context_) return tql::InternalError(TlsError());
  const bool trusted =
      endpoint.ca_file.empty()
          ? SSL_CTX_set_default_verify_paths(context_.get()) == 1
          : SSL_CTX_load_verify_locations(context_.get(), endpoint.ca_file.c_str(), nullptr) == 1;
  if (!trusted) {
    return tql::FailedPreconditionError(endpoint.ca_file + ": not a file of certificates in PEM");
  }
  SSL_CTX_set_verify(context_.get(), endpoint.insecure ? SSL_VERIFY_NONE : SSL_VERIFY_PEER,
                     nullptr);
  ssl_.reset(SSL_new(context_.get()));
  if (!ssl_ || SSL_set_fd(ssl_.get(), fd_) != 1) return tql::InternalError(TlsError());
  if (IsAddress(endpoint.host)) {
    X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_.get()), endpoint.host.c_str());
  } else {
    SSL_set_tlsext_host_name(ssl_.get(), endpoint.host.c_str());
    SSL_set1_host(ssl_.get(), endpoint.host.c_str());
  }
  while (true) {
    const int result = SSL_connect(ssl_.get());
    if (result == 1) return Status();
    const Io io = AfterTls(result, deadline, interrupt);
    if (io == Io::kOk) continue;
    const std::string detail = TlsError();
    const long verified = SSL_get_verify_result(ssl_.get());
    ssl_.reset();  // Its session cannot be ended in an orderly way.
    if (io == Io::kTimeout || io == Io::kInterrupted) return FromWait(io, origin + ": TLS");
    if (!endpoint.insecure && verified != X509_V_OK) {
      return tql::FailedPreconditionError(
          origin + ": the certificate is not trusted: " + X509_verify_cert_error_string(verified) +
          "; --cacert FILE names the certificates to trust");
    }
    return tql::FailedPreconditionError(origin + " does not speak TLS: " + detail);
  }
}

Io Connection::AfterTls(int result, Clock::time_point deadline, const Interrupt& interrupt) {
  switch (SSL_get_error(ssl_.get(), result)) {
    case SSL_ERROR_WANT_READ:
      return WaitFor(POLLIN, deadline, interrupt);
    case SSL_ERROR_WANT_WRITE:
      return WaitFor(POLLOUT, deadline, interrupt);
    case SSL_ERROR_ZERO_RETURN:
      return Io::kClosed;
    case SSL_ERROR_SYSCALL:
      return errno == 0 ? Io::kClosed : FromErrno(errno);
    default:
      // OpenSSL 3 reports the end of the connection without close_notify as an error of its own.
      return ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING ? Io::kClosed
                                                                                    : Io::kBroken;
  }
}

Io Connection::Send(std::string_view bytes, Clock::time_point deadline,
                    const Interrupt& interrupt) {
  while (!bytes.empty()) {
    Io io = Io::kOk;
    if (ssl_) {
      ERR_clear_error();
      std::size_t sent = 0;
      const int result = SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent);
      if (result == 1) {
        bytes.remove_prefix(sent);
        continue;
      }
      io = AfterTls(result, deadline, interrupt);
    } else {
      const ssize_t sent = send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent >= 0) {
        bytes.remove_prefix(static_cast<std::size_t>(sent));
        continue;
      }
      io = WouldBlock(errno) ? WaitFor(POLLOUT, deadline, interrupt) : FromErrno(errno);
    }
    if (io != Io::kOk) return io;
  }
  return Io::kOk;
}

Io Connection::Receive(std::string* bytes, Clock::time_point deadline, const Interrupt& interrupt) {
  const std::size_t before = bytes->size();
  while (true) {
    bytes->resize(before + kReadBytes);
    Io io = Io::kOk;
    std::size_t received = 0;
    if (ssl_) {
      ERR_clear_error();
      const int result = SSL_read_ex(ssl_.get(), bytes->data() + before, kReadBytes, &received);
      if (result != 1) io = AfterTls(result, deadline, interrupt);
    } else {
      const ssize_t result = recv(fd_, bytes->data() + before, kReadBytes, 0);
      if (result == 0) io = Io::kClosed;
      if (result > 0) received = static_cast<std::size_t>(result);
      if (result < 0) {
        io = WouldBlock(errno) ? WaitFor(POLLIN, deadline, interrupt) : FromErrno(errno);
      }
    }
    bytes->resize(before + received);
    if (received > 0 || io != Io::kOk) return io;
  }
}

bool Connection::IsIdle() {
  char byte = 0;
  if (ssl_) {
    const int result = SSL_peek(ssl_.get(), &byte, 1);
    const bool idle = result <= 0 && SSL_get_error(ssl_.get(), result) == SSL_ERROR_WANT_READ;
    ERR_clear_error();
    return idle;
  }
  return recv(fd_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 && WouldBlock(errno);
}

}  // namespace tqlconform

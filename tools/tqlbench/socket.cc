#include "tools/tqlbench/socket.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

namespace tqlbench {

tql::StatusOr<Socket> Socket::Connect(std::uint16_t port) {
  Socket socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket.fd_ < 0 ||
      ::connect(socket.fd_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return tql::UnavailableError("cannot connect to port " + std::to_string(port) + ": " +
                                 std::strerror(errno));
  }
  const int on = 1;
  ::setsockopt(socket.fd_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return socket;
}

Socket::Socket(Socket&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}

Socket& Socket::operator=(Socket&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

Socket::~Socket() {
  if (fd_ >= 0) ::close(fd_);
}

tql::Status Socket::Send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t size = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return tql::UnavailableError(std::string("send: ") + std::strerror(errno));
    bytes.remove_prefix(static_cast<std::size_t>(size));
  }
  return {};
}

tql::Status Socket::Receive(AnswerReader* reader) {
  std::array<char, 65536> block;
  while (!reader->done()) {
    const ssize_t size = ::recv(fd_, block.data(), block.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) return tql::UnavailableError("the server closed the connection");
    reader->Feed({block.data(), static_cast<std::size_t>(size)});
    if (reader->bad()) return tql::InternalError("not an HTTP answer: " + reader->head());
  }
  return {};
}

tql::Status Socket::ReceiveSome() {
  std::array<char, 65536> block;
  const ssize_t size = ::recv(fd_, block.data(), block.size(), 0);
  return size > 0 ? tql::Status() : tql::UnavailableError("the connection has ended");
}

}  // namespace tqlbench

#include "tests/support/hostile_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <utility>

namespace tql::testing {
namespace {

/// The body length given in a head, or 0.
std::size_t BodyLength(std::string_view head) {
  constexpr std::string_view kName = "Content-Length: ";
  const std::size_t at = head.find(kName);
  std::size_t length = 0;
  if (at != std::string_view::npos) {
    const char* begin = head.data() + at + kName.size();
    std::from_chars(begin, head.data() + head.size(), length);
  }
  return length;
}

[[noreturn]] void Die(const char* what) {
  std::perror(what);
  std::abort();
}

}  // namespace

std::string Peer::ReadRequest() {
  std::string request = std::exchange(rest_, {});
  for (;;) {
    const std::size_t head = request.find("\r\n\r\n");
    if (head != std::string::npos) {
      const std::size_t size = head + 4 + BodyLength(std::string_view(request).substr(0, head));
      if (request.size() >= size) {
        rest_ = request.substr(size);
        request.resize(size);
        return request;
      }
    }
    char buffer[4096];
    const ssize_t n = recv(fd_, buffer, sizeof buffer, 0);
    if (n <= 0) return request;
    request.append(buffer, static_cast<std::size_t>(n));
  }
}

bool Peer::Send(std::string_view bytes, std::size_t piece) {
  while (!bytes.empty()) {
    const ssize_t n = send(fd_, bytes.data(), std::min(bytes.size(), piece), MSG_NOSIGNAL);
    if (n <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

void Peer::WaitForBytes() {
  pollfd poller{fd_, POLLIN, 0};
  while (poll(&poller, 1, -1) < 0 && errno == EINTR) {
  }
}

void Peer::WaitUntilGone() {
  char buffer[4096];
  while (recv(fd_, buffer, sizeof buffer, 0) > 0) {
  }
}

void Peer::Reset() {
  const linger now{.l_onoff = 1, .l_linger = 0};
  setsockopt(fd_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
}

HostileServer::HostileServer(Script script, int port) : script_(std::move(script)) {
  listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  const int on = 1;
  setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  auto* generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (bind(listener_, generic, size) != 0 || listen(listener_, 16) != 0 ||
      getsockname(listener_, generic, &size) != 0) {
    Die("hostile server");
  }
  port_ = ntohs(address.sin_port);
  acceptor_ = std::thread([this] { Accept(); });
}

HostileServer::~HostileServer() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    shutdown(listener_, SHUT_RDWR);
    for (const int fd : open_) shutdown(fd, SHUT_RDWR);
  }
  acceptor_.join();
  for (std::thread& peer : peers_) peer.join();
  close(listener_);
}

void HostileServer::CutAll() {
  const std::lock_guard lock(mutex_);
  for (const int fd : open_) shutdown(fd, SHUT_RDWR);
}

int HostileServer::connections() const {
  const std::lock_guard lock(mutex_);
  return count_;
}

void HostileServer::Accept() {
  for (;;) {
    const int fd = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    const std::lock_guard lock(mutex_);
    if (fd < 0 || stopping_) {
      if (fd >= 0) close(fd);
      return;
    }
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    open_.push_back(fd);
    peers_.emplace_back([this, fd, number = count_] {
      Peer peer(fd, number);
      script_(peer);
      const std::lock_guard closing(mutex_);
      std::erase(open_, fd);
      close(fd);
    });
    ++count_;
  }
}

std::string HttpAnswer(std::string_view body, std::string_view status, std::string_view headers) {
  std::string answer = "HTTP/1.1 " + std::string(status) + "\r\n" + std::string(headers);
  answer += "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  return answer += body;
}

std::string ChunkedHead() { return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"; }

std::string Chunk(std::string_view bytes) {
  char size[24];
  std::snprintf(size, sizeof size, "%zx\r\n", bytes.size());
  return size + std::string(bytes) + "\r\n";
}

HostileServer::Script Between(int port, std::function<Wire()> wire) {
  return [=](Peer& client) {
    const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    const int on = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    Peer server(fd, 0);
    auto [piece, left, stalls] = wire();
    pollfd ends[] = {{client.fd(), POLLIN, 0}, {fd, POLLIN, 0}};
    bool going = connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
    while (going && left > 0 && (poll(ends, 2, -1) > 0 || errno == EINTR)) {
      char buffer[16384];
      for (int i = 0; i < 2 && going; ++i) {
        if (ends[i].revents == 0) continue;
        const ssize_t n = recv(ends[i].fd, buffer, sizeof buffer, 0);
        std::string_view bytes(buffer, n > 0 ? static_cast<std::size_t>(n) : 0);
        if (i == 1) {
          bytes = bytes.substr(0, left);
          left -= bytes.size();
        }
        going = n > 0 && (i == 0 ? server : client).Send(bytes, piece);
      }
    }
    if (going && stalls) client.WaitUntilGone();
    close(fd);
  };
}

}  // namespace tql::testing

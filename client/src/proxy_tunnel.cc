#include "client/src/proxy_tunnel.h"

#include <poll.h>
#include <sys/socket.h>

#include <cerrno>
#include <charconv>
#include <cstddef>
#include <string_view>
#include <system_error>

#include "client/src/http_errors.h"
#include "client/src/http_framing.h"
#include "tql/wire/http_status.h"

namespace tql {
namespace {

constexpr std::size_t kMostHead = std::size_t{16} << 10;

bool WouldBlock() { return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR; }

bool SendAll(int fd, std::string_view bytes, Exchange& exchange) {
  while (!bytes.empty()) {
    if (!exchange.Wait(fd, POLLOUT)) return false;
    const ssize_t n = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && !WouldBlock()) return false;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// Byte by byte: what follows the head is the service's. False when it does not come to its end.
bool ReadHead(int fd, std::string& head, Exchange& exchange) {
  while (!head.ends_with("\r\n\r\n") && head.size() < kMostHead) {
    char byte = 0;
    if (!exchange.Wait(fd, POLLIN)) return false;
    const ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && !WouldBlock())) return false;
    if (n == 1) head += byte;
    const std::string_view expected = kHttpBegin.substr(0, head.size());
    if (!std::string_view(head).starts_with(expected)) return false;
  }
  return head.size() < kMostHead;
}

/// Of "HTTP/1.1 200 …"; zero for anything else.
int StatusOf(std::string_view head) {
  constexpr std::size_t kAt = sizeof("HTTP/1.1 ") - 1;
  int status = 0;
  if (head.size() < kAt + 4 || !head.starts_with(kHttpBegin) || head[kAt - 1] != ' ') return 0;
  const auto [end, error] = std::from_chars(head.data() + kAt, head.data() + kAt + 3, status);
  return error == std::errc() && end == head.data() + kAt + 3 ? status : 0;
}

}  // namespace

Status OpenTunnel(int fd, const Proxy& proxy, const std::string& authority, Exchange& exchange) {
  const std::string what = "the proxy " + proxy.Origin();
  std::string request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!proxy.authorization.empty()) {
    request += "Proxy-Authorization: " + proxy.authorization + "\r\n";
  }
  std::string head;
  if (!SendAll(fd, request + "\r\n", exchange) || !ReadHead(fd, head, exchange)) {
    if (!exchange.failure.ok()) return exchange.failure;
    const std::string_view expected = kHttpBegin.substr(0, head.size());
    if (std::string_view(head).starts_with(expected) && head.size() < kMostHead) {
      return UnavailableError(what + " closed the connection before its answer");
    }
    return FailedPreconditionError(what + " does not speak HTTP: it answers " + Quoted(head));
  }
  const int status = StatusOf(head);
  if (IsSuccess(status)) return {};
  if (status == 0) {
    return FailedPreconditionError(what + " does not speak HTTP: it answers " + Quoted(head));
  }
  const std::string refusal =
      what + " does not connect to " + authority + ": HTTP status " + std::to_string(status);
  if (StatusCodeOfHttp(status) == StatusCode::kUnavailable) return UnavailableError(refusal);
  return FailedPreconditionError(status == 407 ? refusal + ", it needs a user and a password"
                                               : refusal);
}

}  // namespace tql

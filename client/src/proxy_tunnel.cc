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

bool SendAll(int fd, std::string_view bytes, RequestState& state) {
  while (!bytes.empty()) {
    if (!state.Wait(fd, POLLOUT)) return false;
    const ssize_t n = send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0 && !WouldBlock()) return false;
    if (n > 0) bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

/// Reads the header of the response byte by byte, because the bytes after it belong to the service.
/// Returns false if the header is not complete.
bool ReadHead(int fd, std::string& head, RequestState& state) {
  while (!head.ends_with("\r\n\r\n") && head.size() < kMostHead) {
    char byte = 0;
    if (!state.Wait(fd, POLLIN)) return false;
    const ssize_t n = recv(fd, &byte, 1, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && !WouldBlock())) return false;
    if (n == 1) head += byte;
    const std::string_view expected = kHttpPrefix.substr(0, head.size());
    if (!std::string_view(head).starts_with(expected)) return false;
  }
  return head.size() < kMostHead;
}

/// Returns the status of "HTTP/1.1 200 …"; zero if `head` is not of this form.
int StatusOf(std::string_view head) {
  constexpr std::size_t kAt = sizeof("HTTP/1.1 ") - 1;
  int status = 0;
  if (head.size() < kAt + 4 || !head.starts_with(kHttpPrefix) || head[kAt - 1] != ' ') return 0;
  const auto [end, error] = std::from_chars(head.data() + kAt, head.data() + kAt + 3, status);
  return error == std::errc() && end == head.data() + kAt + 3 ? status : 0;
}

}  // namespace

Status OpenTunnel(int fd, const Proxy& proxy, const std::string& authority, RequestState& state) {
  const std::string what = "the proxy " + proxy.Origin();
  std::string request = "CONNECT " + authority + " HTTP/1.1\r\nHost: " + authority + "\r\n";
  if (!proxy.authorization.empty()) {
    request += "Proxy-Authorization: " + proxy.authorization + "\r\n";
  }
  std::string head;
  if (!SendAll(fd, request + "\r\n", state) || !ReadHead(fd, head, state)) {
    if (!state.failure.ok()) return state.failure;
    const std::string_view expected = kHttpPrefix.substr(0, head.size());
    if (std::string_view(head).starts_with(expected) && head.size() < kMostHead) {
      return UnavailableError(what + " closed the connection without a response");
    }
    return FailedPreconditionError(what + " does not speak HTTP: received " + Quoted(head));
  }
  const int status = StatusOf(head);
  if (IsSuccess(status)) return {};
  if (status == 0) {
    return FailedPreconditionError(what + " does not speak HTTP: received " + Quoted(head));
  }
  const std::string refusal =
      what + " does not connect to " + authority + ": HTTP status " + std::to_string(status);
  if (StatusCodeOfHttp(status) == StatusCode::kUnavailable) return UnavailableError(refusal);
  return FailedPreconditionError(status == 407 ? refusal + ", it requires a user and a password"
                                               : refusal);
}

}  // namespace tql

#include "client/src/request_state.h"

#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <memory>
#include <system_error>

namespace tql {
namespace {

// Milliseconds.
constexpr int kLongestPoll = 1'000'000;
constexpr int kLookInterval = 20;  // for polling is_set() without an eventfd

// Connects to one address. Returns 0 or an errno; ETIMEDOUT if the request must end first.
int ConnectTo(const addrinfo& address, RequestState& state, int& fd) {
  fd = socket(address.ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return errno;
  const int on = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  int error = connect(fd, address.ai_addr, address.ai_addrlen) == 0 ? 0 : errno;
  if (error == EINPROGRESS) {
    socklen_t size = sizeof error;
    if (!state.Wait(fd, POLLOUT)) {
      error = ETIMEDOUT;
    } else if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
      error = errno;
    }
  }
  if (error != 0) close(fd);
  return error;
}

std::string TextOf(const addrinfo& address) {
  char text[NI_MAXHOST] = "?";
  getnameinfo(address.ai_addr, address.ai_addrlen, text, sizeof text, nullptr, 0, NI_NUMERICHOST);
  return text;
}

}  // namespace

bool RequestState::MayContinue() {
  if (cancel.is_set()) return Fail(CancelledError("the call was cancelled"));
  if (std::chrono::steady_clock::now() < deadline) return true;
  return Fail(DeadlineExceededError("the call took too long"));
}

// Waits for the descriptor and the cancel signal together. A spurious wake-up is harmless: the
// caller repeats its operation.
bool RequestState::Wait(int fd, short events) {
  while (MayContinue()) {
    const auto left = deadline - std::chrono::steady_clock::now();
    const std::int64_t ms = std::chrono::ceil<std::chrono::milliseconds>(left).count();
    const std::int64_t longest = cancel.fd() < 0 ? kLookInterval : kLongestPoll;
    pollfd fds[] = {{fd, events, 0}, {cancel.fd(), POLLIN, 0}};
    const int n = poll(fds, 2, static_cast<int>(std::clamp<std::int64_t>(ms, 0, longest)));
    if (n > 0 && fds[1].revents == 0) return true;
    if (n < 0 && errno != EINTR) return Fail(UnavailableError("poll failed"));
  }
  return false;
}

StatusOr<int> ConnectTcp(const std::string& host, int port, RequestState& state) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  // getaddrinfo blocks: it cannot be cancelled and ignores the deadline.
  addrinfo* found = nullptr;
  const int wrong = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (wrong != 0) {
    const std::string why =
        wrong == EAI_SYSTEM ? std::generic_category().message(errno) : gai_strerror(wrong);
    return UnavailableError("cannot find the host " + host + ": " + why);
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> addresses(found, freeaddrinfo);
  std::string failures;
  for (const addrinfo* at = found; at && state.failure.ok(); at = at->ai_next) {
    int fd = -1;
    const int error = ConnectTo(*at, state, fd);
    if (error == 0) return fd;
    failures += failures.empty() ? "cannot connect to " : "; to ";
    failures += TextOf(*at) + ": " + std::generic_category().message(error);
  }
  if (state.failure.code() == StatusCode::kCancelled) return state.failure;
  return UnavailableError(failures);
}

}  // namespace tql

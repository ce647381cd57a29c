#include "mockserver/net/acceptor.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace tql::net {
namespace {

/// The wait after an error of accept4, e.g. when no descriptor is left. The listener stays
/// readable, so that poll would return at once.
constexpr int kPauseMs = 50;

}  // namespace

StatusOr<std::unique_ptr<Acceptor>> Acceptor::Start(Listener listener, Take take) {
  const int wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_fd < 0) return UnavailableError("no file descriptors are left");
  std::unique_ptr<Acceptor> acceptor(new Acceptor(std::move(listener), wake_fd, std::move(take)));
  try {
    acceptor->thread_ = std::thread([raw = acceptor.get()] { raw->Accept(); });
  } catch (const std::system_error&) {
    return UnavailableError("cannot start a thread");
  }
  return acceptor;
}

Acceptor::~Acceptor() {
  (void)eventfd_write(wake_fd_, 1);
  if (thread_.joinable()) thread_.join();
  close(wake_fd_);
}

void Acceptor::Accept() const {
  pollfd waits[] = {{wake_fd_, POLLIN, 0}, {listener_.fd(), POLLIN, 0}};
  for (;;) {
    (void)poll(waits, 2, -1);
    if (waits[0].revents != 0) return;
    const int fd = accept4(listener_.fd(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd >= 0) {
      const int on = 1;
      setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
      take_(fd);
    } else if (errno != EAGAIN && errno != EINTR && errno != ECONNABORTED) {
      (void)poll(waits, 1, kPauseMs);
    }
  }
}

}  // namespace tql::net

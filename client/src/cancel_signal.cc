#include "client/src/cancel_signal.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <utility>

namespace tql {

CancelSignal::CancelSignal() : fd_(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}
CancelSignal::~CancelSignal() {
  if (fd_ >= 0) close(fd_);
}
void CancelSignal::Set() {
  set_.store(true, std::memory_order_release);
  const std::uint64_t one = 1;
  if (fd_ >= 0) (void)!write(fd_, &one, sizeof one);
  const base::MutexLock lock(mutex_);
  if (socket_ >= 0) shutdown(socket_, SHUT_RDWR);
}

CancelSignal::ShutsDown::ShutsDown(CancelSignal& signal, int socket) : signal_(signal) {
  const base::MutexLock lock(signal_.mutex_);
  // Use a duplicate: httplib may close its descriptor at any time, and the number may be reused for
  // another file.
  signal_.socket_ = fcntl(socket, F_DUPFD_CLOEXEC, 0);
  if (signal_.is_set()) shutdown(socket, SHUT_RDWR);
}
CancelSignal::ShutsDown::~ShutsDown() {
  const base::MutexLock lock(signal_.mutex_);
  if (signal_.socket_ >= 0) close(std::exchange(signal_.socket_, -1));
}

}  // namespace tql

#include "client/src/http_connection_pool.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <utility>

#include "client/src/hosts.h"
#include "client/src/request_state.h"
#include "proto/base/mutex.h"

namespace tql {

class HttpConnectionPool::Slot {
 public:
  explicit Slot(HttpConnectionPool& pool) : pool_(pool) {}
  ~Slot() { pool_.ReleaseSlot(); }
  Slot(const Slot&) = delete;
  Slot& operator=(const Slot&) = delete;

 private:
  HttpConnectionPool& pool_;
};

HttpConnectionPool::HttpConnectionPool(std::vector<Url> hosts, Options options, Factory make)
    : hosts_(std::move(hosts)), options_(std::move(options)), make_(std::move(make)) {}

Status HttpConnectionPool::Send(const HttpRequest& request, const HttpReceiver& receiver,
                                Deadline deadline, CancelSignal& cancel, bool& sent) {
  sent = false;
  if (Status status = AcquireSlot(deadline, cancel); !status.ok()) return status;
  const Slot slot(*this);
  return TryHosts(CurrentHost(), hosts_.size(), [&](std::size_t at) {
    std::unique_ptr<HttpConnection> connection = TakeConnection(at);
    Status status = connection->Send(request, receiver, deadline, cancel);
    sent = status.ok() || connection->connected();
    if (sent) ReturnConnection(std::move(connection), at);
    return HostAttempt{std::move(status), sent};
  });
}

// Waits for the right to use a connection, if max_connections limits their number.
Status HttpConnectionPool::AcquireSlot(Deadline deadline, CancelSignal& cancel) {
  base::MutexLock lock(mutex_);
  ResetAfterForkLocked();
  if (options_.max_connections == 0 || slots_in_use_ < options_.max_connections) {
    ++slots_in_use_;
    return {};
  }
  lock.unlock();
  Waiter waiter(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (waiter.wake_fd < 0) return ResourceExhaustedError("no file descriptors are left");
  // A slot may have been released while the mutex was unlocked.
  lock.lock();
  const bool at_once = slots_in_use_ < options_.max_connections;
  if (at_once) {
    ++slots_in_use_;
  } else {
    waiters_.push_back(&waiter);
  }
  lock.unlock();
  RequestState waiting{deadline, cancel};
  const bool in_time = at_once || waiting.Wait(waiter.wake_fd, POLLIN);
  lock.lock();
  if (!in_time) {
    // The slot was granted after the wait had ended: pass it on.
    if (waiter.granted) ReleaseSlotLocked();
    std::erase(waiters_, &waiter);
  }
  lock.unlock();
  close(waiter.wake_fd);
  if (in_time) return {};
  if (waiting.failure.code() == StatusCode::kDeadlineExceeded) {
    return DeadlineExceededError("waiting for one of " + std::to_string(options_.max_connections) +
                                 " connections took too long");
  }
  return waiting.failure;
}

// In a child of fork(): the threads that use or wait for connections exist only in the parent.
void HttpConnectionPool::ResetAfterForkLocked() {
  if (owner_.is_current()) return;
  slots_in_use_ = 0;
  waiters_.clear();
  idle_.clear();
  owner_ = OwnerProcess();
}

void HttpConnectionPool::ReleaseSlot() {
  const base::MutexLock lock(mutex_);
  ReleaseSlotLocked();
}

// Hands the slot to the first waiter, so that a new call cannot overtake it.
void HttpConnectionPool::ReleaseSlotLocked() {
  if (waiters_.empty()) {
    --slots_in_use_;
    return;
  }
  Waiter* const next = waiters_.front();
  waiters_.pop_front();
  next->granted = true;
  const std::uint64_t one = 1;
  (void)!write(next->wake_fd, &one, sizeof one);
}

std::size_t HttpConnectionPool::CurrentHost() {
  const base::MutexLock lock(mutex_);
  return host_;
}

std::unique_ptr<HttpConnection> HttpConnectionPool::TakeConnection(std::size_t host) {
  {
    const base::MutexLock lock(mutex_);
    if (host == host_ && !idle_.empty()) {
      std::unique_ptr<HttpConnection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    // A new connection is needed. If that would exceed the limit, close an idle one to another
    // host.
    const bool full =
        options_.max_connections != 0 && slots_in_use_ + idle_.size() > options_.max_connections;
    if (full && !idle_.empty()) idle_.pop_back();
  }
  return make_(hosts_[host], options_);
}

void HttpConnectionPool::ReturnConnection(std::unique_ptr<HttpConnection> connection,
                                          std::size_t host) {
  const base::MutexLock lock(mutex_);
  if (host != host_) {  // a fail-over: later calls go to this host
    host_ = host;
    idle_.clear();
  }
  if (idle_.size() < options_.idle_connections) idle_.push_back(std::move(connection));
}

}  // namespace tql

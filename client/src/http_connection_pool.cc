#include "client/src/http_connection_pool.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

#include "client/src/exchange.h"

namespace tql {

class HttpConnectionPool::Lease {
 public:
  explicit Lease(HttpConnectionPool& pool) : pool_(pool) {}
  ~Lease() { pool_.Leave(); }
  Lease(const Lease&) = delete;
  Lease& operator=(const Lease&) = delete;

 private:
  HttpConnectionPool& pool_;
};

HttpConnectionPool::HttpConnectionPool(std::vector<Url> hosts, Options options, Factory make)
    : hosts_(std::move(hosts)), options_(std::move(options)), make_(std::move(make)) {}

Status HttpConnectionPool::Send(const HttpRequest& request, const HttpReceiver& receiver,
                                Deadline deadline, CancelSignal& cancel, bool& sent) {
  sent = false;
  if (Status status = Enter(deadline, cancel); !status.ok()) return status;
  const Lease lease(*this);
  std::string failures;
  std::size_t at = Host();
  for (std::size_t tried = 1;; ++tried) {
    std::unique_ptr<HttpConnection> connection = Take(at);
    Status status = connection->Send(request, receiver, deadline, cancel);
    sent = status.ok() || connection->connected();
    if (sent) Give(std::move(connection), at);
    const bool elsewhere = !sent && status.code() == StatusCode::kUnavailable;
    if (!elsewhere || hosts_.size() == 1) return status;
    failures += (failures.empty() ? "" : "; ") + status.message();
    if (tried == hosts_.size()) return UnavailableError(std::move(failures));
    at = (at + 1) % hosts_.size();
  }
}

Status HttpConnectionPool::Enter(Deadline deadline, CancelSignal& cancel) {
  std::unique_lock lock(mutex_);
  ForgetParentLocked();
  if (options_.max_connections == 0 || leases_ < options_.max_connections) {
    ++leases_;
    return {};
  }
  lock.unlock();
  Waiter waiter(eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
  if (waiter.wake_fd < 0) return ResourceExhaustedError("the system has no descriptor left");
  lock.lock();
  const bool at_once = leases_ < options_.max_connections;
  if (at_once) {
    ++leases_;
  } else {
    waiters_.push_back(&waiter);
  }
  lock.unlock();
  Exchange waiting{deadline, cancel};
  const bool in_time = at_once || waiting.Wait(waiter.wake_fd, POLLIN);
  lock.lock();
  if (!in_time) {
    // Granted at the last moment: somebody else takes it.
    if (waiter.granted) LeaveLocked();
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

// The threads that hold or wait for connections are not in this process.
void HttpConnectionPool::ForgetParentLocked() {
  if (owner_.is_current()) return;
  leases_ = 0;
  waiters_.clear();
  idle_.clear();
  owner_ = OwnerProcess();
}

void HttpConnectionPool::Leave() {
  const std::lock_guard lock(mutex_);
  LeaveLocked();
}

void HttpConnectionPool::LeaveLocked() {
  if (waiters_.empty()) {
    --leases_;
    return;
  }
  Waiter* const next = waiters_.front();
  waiters_.pop_front();
  next->granted = true;
  const std::uint64_t one = 1;
  (void)!write(next->wake_fd, &one, sizeof one);
}

std::size_t HttpConnectionPool::Host() {
  const std::lock_guard lock(mutex_);
  return host_;
}

std::unique_ptr<HttpConnection> HttpConnectionPool::Take(std::size_t host) {
  {
    const std::lock_guard lock(mutex_);
    if (host == host_ && !idle_.empty()) {
      std::unique_ptr<HttpConnection> connection = std::move(idle_.back());
      idle_.pop_back();
      return connection;
    }
    // A new one, in the place of one that waits for calls to another host.
    const bool full =
        options_.max_connections != 0 && leases_ + idle_.size() > options_.max_connections;
    if (full && !idle_.empty()) idle_.pop_back();
  }
  return make_(hosts_[host], options_);
}

void HttpConnectionPool::Give(std::unique_ptr<HttpConnection> connection, std::size_t host) {
  const std::lock_guard lock(mutex_);
  if (host != host_) {
    host_ = host;
    idle_.clear();
  }
  if (idle_.size() < options_.idle_connections) idle_.push_back(std::move(connection));
}

}  // namespace tql

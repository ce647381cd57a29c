#include "mockserver/storage/sqlite/writer_queue.h"

#include <algorithm>
#include <chrono>

namespace tql::storage::sqlite {
namespace {

/// How long it takes a waiting statement at most to notice that its client has left.
constexpr std::chrono::milliseconds kLook{50};

}  // namespace

StatusOr<WriterQueue::Turn> WriterQueue::Enter(const Cancellation& cancellation) {
  base::MutexLock lock(mutex_);
  const auto place = waiting_.emplace(waiting_.end());
  const auto is_next = [&]() TQL_REQUIRES(mutex_) { return !busy_ && place == waiting_.begin(); };
  while (!is_next()) {
    lock.unlock();
    const Status status = cancellation.Check();  // may access a socket, so without the lock
    lock.lock();
    if (!status.ok()) {
      waiting_.erase(place);
      changed_.notify_all();
      return status;
    }
    const auto now = std::chrono::steady_clock::now();
    changed_.wait_until(lock, cancellation.stop, std::min(cancellation.deadline, now + kLook),
                        is_next);
  }
  waiting_.erase(place);
  busy_ = true;
  return Turn(this);
}

void WriterQueue::Leave() {
  const base::MutexLock guard(mutex_);
  busy_ = false;
  changed_.notify_all();
}

}  // namespace tql::storage::sqlite

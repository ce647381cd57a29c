#include "client/src/fork.h"

#include <pthread.h>

#include <atomic>
#include <vector>

namespace tql {
namespace {

std::atomic<std::uint64_t> generation{0};

}  // namespace

std::uint64_t ForkGeneration() { return generation.load(std::memory_order_relaxed); }

/// The list of all ForkMutexes, which are locked before a fork() and unlocked after it, in both
/// processes.
class ForkMutexes {
 public:
  static void Add(ForkMutex& mutex) {
    const base::MutexLock lock(list_);
    mutex.next_ = first_;
    if (first_ != nullptr) first_->previous_ = &mutex;
    first_ = &mutex;
  }
  static void Remove(ForkMutex& mutex) {
    const base::MutexLock lock(list_);
    (mutex.previous_ != nullptr ? mutex.previous_->next_ : first_) = mutex.next_;
    if (mutex.next_ != nullptr) mutex.next_->previous_ = mutex.previous_;
  }

 private:
  static void LockAll() TQL_NO_THREAD_SAFETY_ANALYSIS {
    list_.lock();
    for (ForkMutex* mutex = first_; mutex != nullptr; mutex = mutex->next_) mutex->lock();
  }
  static void UnlockAll() TQL_NO_THREAD_SAFETY_ANALYSIS {
    for (ForkMutex* mutex = first_; mutex != nullptr; mutex = mutex->next_) mutex->unlock();
    list_.unlock();
  }
  static void UnlockAllInChild() {
    generation.fetch_add(1, std::memory_order_relaxed);
    UnlockAll();
  }

  static inline base::Mutex list_;
  static inline ForkMutex* first_ TQL_GUARDED_BY(list_) = nullptr;
  static inline const int registered_ = pthread_atfork(LockAll, UnlockAll, UnlockAllInChild);
};

ForkMutex::ForkMutex() { ForkMutexes::Add(*this); }
ForkMutex::~ForkMutex() { ForkMutexes::Remove(*this); }

void KeepUntilExit(std::shared_ptr<void> object) {
  static base::Mutex mutex;
  static auto* const kept TQL_PT_GUARDED_BY(mutex) =
      new std::vector<std::shared_ptr<void>>;  // never destroyed
  const base::MutexLock lock(mutex);
  kept->push_back(std::move(object));
}

}  // namespace tql

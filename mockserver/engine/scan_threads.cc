#include "mockserver/engine/scan_threads.h"

#include <system_error>
#include <utility>

namespace tql::engine {

ScanThreads::~ScanThreads() {
  std::vector<std::thread> threads;
  {
    const base::MutexLock lock(mutex_);
    ending_ = true;
    queue_.clear();
    threads.swap(threads_);
  }
  changed_.notify_all();
  for (std::thread& thread : threads) thread.join();
}

void ScanThreads::Run(std::function<void()> work) {
  {
    const base::MutexLock lock(mutex_);
    queue_.push_back(std::move(work));
    if (queue_.size() > idle_ && threads_.size() + 1 < count_) {
      try {
        threads_.emplace_back([this] { Serve(); });
      } catch (const std::system_error&) {
        // The threads that exist do the work; without any, that of the SELECT does it.
      }
    }
  }
  changed_.notify_one();
}

void ScanThreads::Serve() {
  base::MutexLock lock(mutex_);
  while (!ending_) {
    if (queue_.empty()) {
      ++idle_;
      changed_.wait(lock);
      --idle_;
      continue;
    }
    const std::function<void()> work = std::move(queue_.front());
    queue_.pop_front();
    lock.unlock();
    work();
    lock.lock();
  }
}

}  // namespace tql::engine

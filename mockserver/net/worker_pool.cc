#include "mockserver/net/worker_pool.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <utility>

namespace tql::net {
namespace {
constexpr std::chrono::seconds kIdleLife{10};
}

void WorkerPool::Finish() {
  base::MutexLock lock(mutex_);
  stopping_ = true;
  wake_.notify_all();
  while (!threads_.empty()) {
    std::list<std::thread> threads;
    threads.splice(threads.end(), finished_);
    lock.unlock();
    for (std::thread& thread : threads) thread.join();
    lock.lock();
    wake_.wait(lock, [&]() TQL_REQUIRES(mutex_) { return !finished_.empty() || threads_.empty(); });
  }
  lock.unlock();
  JoinFinished();
}

void WorkerPool::JoinFinished() {
  std::list<std::thread> finished;
  {
    const base::MutexLock lock(mutex_);
    finished.splice(finished.end(), finished_);
  }
  for (std::thread& thread : finished) thread.join();
}

void WorkerPool::Submit(std::function<void()> task) {
  JoinFinished();
  const base::MutexLock lock(mutex_);
  tasks_.push_back(std::move(task));
  task_count_ = tasks_.size();
  if (idle_ >= tasks_.size()) {
    wake_.notify_one();
  } else {
    StartThreadIfNeeded();
  }
}

/// Starts a thread if no idle one is left for the last task.
void WorkerPool::StartThreadIfNeeded() {
  if (idle_ >= tasks_.size()) return;
  if (threads_.size() >= max_threads_ + std::min(waiting_, kMostWaiting)) return;
  auto self = threads_.end();
  try {
    self = threads_.emplace(self);
    *self = std::thread([this, self] { Run(self); });
  } catch (const std::exception&) {  // out of threads: an existing one takes the task
    if (self != threads_.end()) threads_.erase(self);
  }
}

WorkerPool::Waiting::Waiting(WorkerPool& pool) : pool_(pool) {
  const base::MutexLock lock(pool_.mutex_);
  ++pool_.waiting_;
  pool_.StartThreadIfNeeded();
}

WorkerPool::Waiting::~Waiting() {
  const base::MutexLock lock(pool_.mutex_);
  --pool_.waiting_;
}

void WorkerPool::Run(std::list<std::thread>::iterator self) {
  base::MutexLock lock(mutex_);
  for (;;) {
    if (tasks_.empty() && !stopping_) {
      ++idle_;
      wake_.wait_for(lock, kIdleLife,
                     [&]() TQL_REQUIRES(mutex_) { return stopping_ || !tasks_.empty(); });
      --idle_;
    }
    if (tasks_.empty()) break;
    {
      std::function<void()> task = std::move(tasks_.front());
      tasks_.pop_front();
      task_count_ = tasks_.size();
      lock.unlock();
      try {
        task();
      } catch (...) {  // the other tasks continue
      }
    }
    lock.lock();
    // This thread replaced a waiting one, which has resumed.
    if (threads_.size() > max_threads_ + std::min(waiting_, kMostWaiting)) break;
  }
  finished_.splice(finished_.end(), threads_, self);
  if (stopping_) wake_.notify_all();
}

}  // namespace tql::net

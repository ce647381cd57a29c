// A thread pool that starts threads on demand, up to a limit, and ends idle ones.
#ifndef TQLKIT_MOCKSERVER_NET_WORKER_POOL_H_
#define TQLKIT_MOCKSERVER_NET_WORKER_POOL_H_

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <thread>

#include "proto/base/mutex.h"

namespace tql::net {

/// Thread safety: Submit and Busy may be called from any thread.
class WorkerPool {
 public:
  explicit WorkerPool(std::size_t max_threads) : max_threads_(max_threads) {}
  ~WorkerPool() { Finish(); }

  /// Runs the task on a thread of the pool. The task waits if max_threads are busy. Exceptions of
  /// the task are dropped, so it must report its failures itself.
  void Submit(std::function<void()> task);
  /// Runs all submitted tasks and joins the threads. Tasks may use the pool until then; nothing may
  /// be submitted afterwards.
  void Finish();
  /// Whether tasks wait for a thread.
  bool Busy() const { return task_count_.load(std::memory_order_relaxed) > 0; }

  /// Marks the task that created it as waiting; meanwhile another task may run in its place. Up to
  /// kMostWaiting tasks may wait without delaying others.
  class Waiting {
   public:
    explicit Waiting(WorkerPool& pool);
    ~Waiting();
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

   private:
    WorkerPool& pool_;
  };
  static constexpr std::size_t kMostWaiting = 4096;

 private:
  void StartThreadIfNeeded() TQL_REQUIRES(mutex_);
  void Run(std::list<std::thread>::iterator self);
  void JoinFinished();

  const std::size_t max_threads_;
  std::atomic<std::size_t> task_count_{0};  // the size of tasks_, to be read without the mutex
  base::Mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_ TQL_GUARDED_BY(mutex_);
  std::list<std::thread> threads_ TQL_GUARDED_BY(mutex_);
  // Threads that have ended but are not joined.
  std::list<std::thread> finished_ TQL_GUARDED_BY(mutex_);
  std::size_t idle_ TQL_GUARDED_BY(mutex_) = 0;
  std::size_t waiting_ TQL_GUARDED_BY(mutex_) = 0;
  bool stopping_ TQL_GUARDED_BY(mutex_) = false;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_WORKER_POOL_H_

// Threads that run tasks: as many as there is work for, up to a bound, gone again when idle.
#ifndef TQLKIT_MOCKSERVER_NET_WORKER_POOL_H_
#define TQLKIT_MOCKSERVER_NET_WORKER_POOL_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <list>
#include <mutex>
#include <thread>

namespace tql::net {

/// Thread safety: Submit and Busy may be called from any thread.
class WorkerPool {
 public:
  explicit WorkerPool(std::size_t max_threads) : max_threads_(max_threads) {}
  ~WorkerPool() { Finish(); }

  /// Runs the task soon; it waits for its turn when max_threads are at work.
  void Submit(std::function<void()> task);
  /// Runs what was submitted, then joins. Tasks may use the pool until then; nothing may be
  /// submitted behind it.
  void Finish();
  /// Whether tasks wait for a thread.
  bool Busy() const;

  /// While one lives, the task that made it waits for somebody outside, and another may be at work
  /// in its place: so those that wait keep nobody from working, up to kMostWaiting of them.
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
  void StartThreadIfNeeded();
  void Run(std::list<std::thread>::iterator self);
  void JoinFinished();

  const std::size_t max_threads_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> tasks_;
  std::list<std::thread> threads_;
  std::list<std::thread> finished_;  // left their loop, not yet joined
  std::size_t idle_ = 0;
  std::size_t waiting_ = 0;
  bool stopping_ = false;
};

}  // namespace tql::net

#endif  // TQLKIT_MOCKSERVER_NET_WORKER_POOL_H_

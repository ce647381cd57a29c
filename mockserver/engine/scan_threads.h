// Threads that help the threads of SELECTs to read large tables.
#ifndef TQLKIT_MOCKSERVER_ENGINE_SCAN_THREADS_H_
#define TQLKIT_MOCKSERVER_ENGINE_SCAN_THREADS_H_

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <thread>
#include <vector>

#include "proto/base/mutex.h"

namespace tql::engine {

/// Shared by the engines of a server. The threads start with the first work. Thread-safe.
class ScanThreads {
 public:
  /// `count` includes the thread that executes the SELECT, so that one fewer is started.
  explicit ScanThreads(std::size_t count) : count_(count) {}
  /// Drops the work that has not begun, and waits for the rest.
  ~ScanThreads();

  std::size_t count() const { return count_; }

  /// Runs the work when a thread is free, in the order of the calls. It must not block and must not
  /// throw.
  void Run(std::function<void()> work);

 private:
  void Serve();

  const std::size_t count_;
  base::Mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<std::function<void()>> queue_ TQL_GUARDED_BY(mutex_);
  bool ending_ TQL_GUARDED_BY(mutex_) = false;
  std::size_t idle_ TQL_GUARDED_BY(mutex_) = 0;
  std::vector<std::thread> threads_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_SCAN_THREADS_H_

// Tracks the calls in progress and ends them when the server stops.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_CALL_GATE_H_
#define TQLKIT_MOCKSERVER_FRONTEND_CALL_GATE_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <limits>
#include <unordered_set>

#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::frontend {

/// Clients may keep a response open for any time. After Close, objects that the calls use can be
/// destroyed. Thread safety: all methods may be called from any thread.
class CallGate {
 public:
  /// A call that the gate can end.
  class Call {
   public:
    virtual ~Call() = default;
    /// Ends the call soon. Called at most once, and not after Leave.
    virtual void Cut() = 0;
  };

  /// Registers a call; if it succeeds, Leave must follow. UNAVAILABLE if the gate is closed;
  /// RESOURCE_EXHAUSTED if `most` calls are in progress.
  Status Enter(Call& call, std::size_t most = std::numeric_limits<std::size_t>::max());
  void Leave(Call& call);
  /// Rejects new calls, cuts those still in progress at the deadline, and waits for them. `then` is
  /// called after the deadline, before the wait; it may be empty.
  void Close(std::chrono::steady_clock::time_point deadline,
             const std::function<void()>& then = nullptr);

 private:
  base::Mutex mutex_;
  std::condition_variable left_;
  std::unordered_set<Call*> calls_ TQL_GUARDED_BY(mutex_);
  bool closed_ TQL_GUARDED_BY(mutex_) = false;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_CALL_GATE_H_

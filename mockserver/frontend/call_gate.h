// Which calls are under way, and how they end when the server stops.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_CALL_GATE_H_
#define TQLKIT_MOCKSERVER_FRONTEND_CALL_GATE_H_

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <functional>
#include <limits>
#include <mutex>
#include <unordered_set>

#include "tql/status.h"

namespace tql::frontend {

/// Clients hold on to an answer for as long as they like; what is behind the gate may go once the
/// gate is closed. Thread safety: any number of threads.
class CallGate {
 public:
  /// A call that the gate can end.
  class Call {
   public:
    virtual ~Call() = default;
    /// It ends soon. Called once at most, and not after Leave.
    virtual void Cut() = 0;
  };

  /// Leave follows when it is OK. UNAVAILABLE when the gate is closed, RESOURCE_EXHAUSTED when
  /// `most` calls are under way already.
  Status Enter(Call& call, std::size_t most = std::numeric_limits<std::size_t>::max());
  void Leave(Call& call);
  /// Lets nobody in; cuts those who are still there at the deadline, and waits for them. `then` is
  /// called between the two, and may be empty.
  void Close(std::chrono::steady_clock::time_point deadline,
             const std::function<void()>& then = nullptr);

 private:
  std::mutex mutex_;
  std::condition_variable left_;
  std::unordered_set<Call*> calls_;
  bool closed_ = false;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_CALL_GATE_H_

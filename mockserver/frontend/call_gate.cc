#include "mockserver/frontend/call_gate.h"

#include <string>

namespace tql::frontend {

Status CallGate::Enter(Call& call, std::size_t most) {
  const base::MutexLock lock(mutex_);
  if (closed_) return UnavailableError("the server is stopping");
  if (calls_.size() >= most) {
    return ResourceExhaustedError("too many calls are under way: found " +
                                  std::to_string(calls_.size()) + ", the limit is " +
                                  std::to_string(most));
  }
  calls_.insert(&call);
  return Status();
}

void CallGate::Leave(Call& call) {
  const base::MutexLock lock(mutex_);
  calls_.erase(&call);
  left_.notify_all();
}

void CallGate::Close(std::chrono::steady_clock::time_point deadline,
                     const std::function<void()>& then) {
  base::MutexLock lock(mutex_);
  closed_ = true;
  const auto empty = [&]() TQL_REQUIRES(mutex_) { return calls_.empty(); };
  if (left_.wait_until(lock, deadline, empty)) return;
  for (Call* const call : calls_) call->Cut();
  if (then) then();
  left_.wait(lock, empty);
}

}  // namespace tql::frontend

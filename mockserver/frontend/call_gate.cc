#include "mockserver/frontend/call_gate.h"

namespace tql::frontend {

bool CallGate::Enter(Call& call) {
  const std::lock_guard lock(mutex_);
  if (!closed_) calls_.insert(&call);
  return !closed_;
}

void CallGate::Leave(Call& call) {
  const std::lock_guard lock(mutex_);
  calls_.erase(&call);
  left_.notify_all();
}

void CallGate::Close(std::chrono::steady_clock::time_point deadline) {
  std::unique_lock lock(mutex_);
  closed_ = true;
  const auto empty = [&] { return calls_.empty(); };
  if (left_.wait_until(lock, deadline, empty)) return;
  for (Call* const call : calls_) call->Cut();
  left_.wait(lock, empty);
}

}  // namespace tql::frontend

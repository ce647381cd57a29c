#include "mockserver/frontend/inprocess/in_process_stream.h"

#include <cstddef>
#include <exception>
#include <utility>

#include "mockserver/service/thrown_status.h"
#include "tql/wire/row_message.h"

namespace tql::frontend {
namespace {

constexpr std::size_t kMostMessages = 4;

}  // namespace

InProcessStream::InProcessStream(std::shared_ptr<CallGate> gate, Body body,
                                 const CallLimits& limits)
    : gate_(std::move(gate)),
      body_(std::move(body)),
      deadline_(limits.deadline),
      on_stop_(limits.stop, [this] { Cancel(); }) {}

InProcessStream::~InProcessStream() {
  Cancel();
  if (runner_.joinable()) runner_.join();
}

Status InProcessStream::Begin() {
  if (!gate_->Enter(*this).ok()) return UnavailableError("the server has stopped");
  try {
    runner_ = std::thread([this] { Run(); });
  } catch (const std::exception&) {
    gate_->Leave(*this);
    return ResourceExhaustedError("no thread is left to run the call");
  }
  base::MutexLock lock(mutex_);
  WaitUntilDue(lock, [this]() TQL_REQUIRES(mutex_) { return finished_ || !messages_.empty(); });
  if (Status status = WhyGone(); !status.ok()) return status;
  return messages_.empty() ? result_ : Status();
}

void InProcessStream::Run() {
  Status result;
  try {
    result = body_(*this);
  } catch (...) {
    result = service::ThrownStatus();
  }
  if (ended_early_)
    result = UnavailableError("the connection was closed before the response ended");
  {
    const base::MutexLock lock(mutex_);
    result_ = std::move(result);
    finished_ = true;
    changed_.notify_all();
  }
  gate_->Leave(*this);
}

Status InProcessStream::WhyGone() const {
  if (cancelled_) return CancelledError("the call was cancelled");
  if (std::chrono::steady_clock::now() >= deadline_) {
    return DeadlineExceededError("the call took too long");
  }
  return Status();
}

bool InProcessStream::WaitUntilDue(base::MutexLock& lock, const std::function<bool()>& ready) {
  const auto done = [&] { return cancelled_ || cut_ || ready(); };
  if (deadline_ == Deadline::max()) {
    changed_.wait(lock, done);
  } else {
    changed_.wait_until(lock, deadline_, done);
  }
  return ready();
}

StatusOr<bool> InProcessStream::Receive(Received& received) {
  base::MutexLock lock(mutex_);
  WaitUntilDue(lock, [this]() TQL_REQUIRES(mutex_) { return finished_ || !messages_.empty(); });
  if (Status status = WhyGone(); !status.ok()) return status;
  if (!messages_.empty()) {
    received.message.Swap(&messages_.front().message);
    rows_ = std::move(messages_.front().rows);
    messages_.pop_front();
    changed_.notify_all();
    lock.unlock();
    received.rows.clear();
    SplitRows(rows_, received.rows);
    return true;
  }
  if (cut_) return UnavailableError("the server has stopped");
  if (!result_.ok()) return result_;
  return false;
}

bool InProcessStream::Take(pb::ExecuteQueryResponse& message, std::string& rows) {
  base::MutexLock lock(mutex_);
  const bool room = WaitUntilDue(
      lock, [this]() TQL_REQUIRES(mutex_) { return messages_.size() < kMostMessages; });
  if (!room || cancelled_ || cut_) return false;
  Taken& taken = messages_.emplace_back();
  taken.message.Swap(&message);
  taken.rows = std::move(rows);
  changed_.notify_all();
  return true;
}

bool InProcessStream::Gone() const {
  return cancelled_ || cut_ || std::chrono::steady_clock::now() >= deadline_;
}

void InProcessStream::End(const net::Cut& cut) {
  ended_early_ = true;
  if (cut.how != net::Cut::How::kStall) return;
  constexpr std::chrono::milliseconds kPause{5};
  base::MutexLock lock(mutex_);
  while (!Gone() && !(cut.released && cut.released())) changed_.wait_for(lock, kPause);
}

void InProcessStream::Cancel() {
  const base::MutexLock lock(mutex_);
  cancelled_ = true;
  changed_.notify_all();
}

void InProcessStream::Cut() {
  const base::MutexLock lock(mutex_);
  cut_ = true;
  changed_.notify_all();
}

}  // namespace tql::frontend

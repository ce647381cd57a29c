// Calls in gRPC's reactors: their end, and responses of several messages. Used by grpc_server.cc
// only.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_CALL_REACTOR_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_CALL_REACTOR_H_

#include <grpcpp/grpcpp.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "mockserver/frontend/call_gate.h"
#include "mockserver/frontend/grpc/connection_cut.h"
#include "mockserver/frontend/messages/message_sink.h"
#include "mockserver/net/worker_pool.h"
#include "proto/base/mutex.h"
#include "proto/base/utf8.h"
#include "tql/status.h"
#include "tql/wire/messages.h"
#include "tql/wire/row_message.h"

namespace tql::frontend {

/// Maximum number of messages of a response that wait to be sent. gRPC itself buffers about 64 KiB.
inline constexpr std::size_t kMostQueued = 2;
/// Error messages are sent as metadata, of which clients accept 8 KiB; non-ASCII bytes are encoded
/// as %XX.
inline constexpr std::size_t kMostErrorText = 2048;

/// Omits the text if memory is exhausted, because a call must end in any case.
inline grpc::Status ToGrpc(const Status& status) noexcept {
  if (status.ok()) return grpc::Status();
  const auto code = static_cast<grpc::StatusCode>(status.code());
  try {
    return {code, base::SanitizeUtf8(status.message().substr(0, kMostErrorText))};
  } catch (...) {
    return {code, std::string()};
  }
}

inline grpc::Slice SliceOf(std::string&& bytes) {
  auto* const kept = new std::string(std::move(bytes));
  return {kept->data(), kept->size(),
          [](void* string) { delete static_cast<std::string*>(string); }, kept};
}

inline grpc::ByteBuffer Encoded(const google::protobuf::Message& message) {
  const grpc::Slice slice = SliceOf(message.SerializeAsString());
  return {&slice, 1};
}

inline grpc::ByteBuffer Encoded(const pb::ExecuteQueryResponse& message, std::string& rows) {
  std::string head = message.SerializeAsString();
  if (!rows.empty()) head += RowsPrefix(rows.size());
  const grpc::Slice slices[] = {SliceOf(std::move(head)), SliceOf(std::move(rows))};
  return {slices, 2};
}

/// Returns the address alone, as over HTTP, of "ipv4:127.0.0.1:4711" or "ipv6:%5B::1%5D:4711".
inline std::string PeerOf(const grpc::CallbackServerContext& context) {
  std::string peer = context.peer();
  peer.erase(0, peer.find(':') + 1);
  peer.erase(std::min(peer.rfind(':'), peer.size()));
  for (const std::string_view bracket : {"%5B", "%5D", "[", "]"}) {
    if (const std::size_t at = peer.find(bracket); at != peer.npos) peer.erase(at, bracket.size());
  }
  return peer;
}

/// Closes the connection of a call. Blocks during a stall.
inline void EndConnection(const net::Cut& cut, const grpc::CallbackServerContext& context,
                          net::WorkerPool& workers) {
  if (cut.how == net::Cut::How::kStall) {
    const net::WorkerPool::Waiting waiting(workers);
    constexpr std::chrono::milliseconds kPause{5};
    while (!(cut.released && cut.released())) {
      if (context.IsCancelled()) return;  // the client gave up this call, not its connection
      std::this_thread::sleep_for(kPause);
    }
  }
  CutConnection(context.peer());
}

/// A call in one of gRPC's reactors. It owns itself, and is registered at the gate, until gRPC has
/// finished it.
template <typename Reactor>
class CallReactor : public Reactor, private CallGate::Call {
 public:
  CallReactor(CallGate& gate, grpc::CallbackServerContext& context)
      : gate_(gate), context_(context) {}

  /// Registers the call at the gate. If the gate rejects it, finishes the call and returns false.
  bool Enter(std::shared_ptr<CallReactor> self,
             std::size_t most = std::numeric_limits<std::size_t>::max()) {
    self_ = std::move(self);
    const Status status = gate_.Enter(*this, most);
    entered_ = status.ok();
    if (!entered_) this->Finish(ToGrpc(status));
    return entered_;
  }

  void OnDone() override {
    if (entered_) gate_.Leave(*this);
    self_.reset();
  }

 protected:
  void Cancel() const { context_.TryCancel(); }
  const grpc::CallbackServerContext& context() const { return context_; }

 private:
  void Cut() override { Cancel(); }

  CallGate& gate_;
  grpc::CallbackServerContext& context_;
  bool entered_ = false;
  std::shared_ptr<CallReactor> self_;
};

using UnaryCall = CallReactor<grpc::ServerUnaryReactor>;

/// A response of several messages. The worker that runs the call puts them into a short queue, and
/// gRPC's threads send them.
class ResponseStream : public CallReactor<grpc::ServerWriteReactor<grpc::ByteBuffer>>,
                       public MessageReceiver {
 public:
  ResponseStream(CallGate& gate, grpc::CallbackServerContext& context, net::WorkerPool& workers,
                 std::chrono::milliseconds patience)
      : CallReactor(gate, context), workers_(workers), patience_(patience) {}

  /// Adds the size of each message to `bytes`, on the thread that runs the call. `bytes` must
  /// outlive the call.
  void CountInto(std::uint64_t& bytes) { counted_ = &bytes; }

  bool Take(pb::ExecuteQueryResponse& message, std::string& rows) override {
    return Put(Encoded(message, rows));
  }
  /// Queues the next message; blocks while the queue is full. Returns false if the client has
  /// disconnected or does not read.
  bool Put(grpc::ByteBuffer bytes) {
    if (counted_ != nullptr) *counted_ += bytes.Length();
    base::MutexLock lock(mutex_);
    if (queue_.size() >= kMostQueued && !gone_) {
      lock.unlock();
      const net::WorkerPool::Waiting waiting(workers_);
      lock.lock();
      const bool room = changed_.wait_for(lock, patience_, [this]() TQL_REQUIRES(mutex_) {
        return queue_.size() < kMostQueued || gone_;
      });
      if (!room) {
        gone_ = true;
        lock.unlock();
        Cancel();
        return false;
      }
    }
    if (gone_) return false;
    queue_.push_back(std::move(bytes));
    if (queue_.size() == 1) StartWrite(&queue_.front());
    return true;
  }
  bool Gone() const override { return gone_; }
  void End(const net::Cut& cut) override {
    {
      base::MutexLock lock(mutex_);
      changed_.wait_for(lock, patience_,
                        [this]() TQL_REQUIRES(mutex_) { return queue_.empty() || gone_; });
      if (gone_) return;
    }
    // gRPC reports a message as written while it is still in a buffer of its own.
    constexpr std::chrono::milliseconds kUntilSent{20};
    std::this_thread::sleep_for(kUntilSent);
    EndConnection(cut, context(), workers_);
  }

  /// Ends the response. Afterwards only gRPC uses the stream.
  void End(grpc::Status status) {
    const base::MutexLock lock(mutex_);
    ended_ = true;
    status_ = std::move(status);
    if (queue_.empty()) Finish(status_);
  }

  void OnWriteDone(bool ok) override {
    const base::MutexLock lock(mutex_);
    queue_.pop_front();
    if (!ok) {
      gone_ = true;
      queue_.clear();
    }
    changed_.notify_all();
    if (!queue_.empty()) {
      StartWrite(&queue_.front());
    } else if (ended_) {
      Finish(status_);
    }
  }

  void OnCancel() override {
    const base::MutexLock lock(mutex_);
    gone_ = true;
    changed_.notify_all();
  }

 private:
  net::WorkerPool& workers_;
  const std::chrono::milliseconds patience_;
  std::uint64_t* counted_ = nullptr;
  base::Mutex mutex_;
  std::condition_variable changed_;
  std::deque<grpc::ByteBuffer> queue_ TQL_GUARDED_BY(mutex_);  // the first one is being written
  std::atomic<bool> gone_{false};
  bool ended_ TQL_GUARDED_BY(mutex_) = false;
  grpc::Status status_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_CALL_REACTOR_H_

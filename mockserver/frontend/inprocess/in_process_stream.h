// The response to a query or script of a client in the server's process.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_INPROCESS_IN_PROCESS_STREAM_H_
#define TQLKIT_MOCKSERVER_FRONTEND_INPROCESS_IN_PROCESS_STREAM_H_

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "client/src/message_stream.h"
#include "mockserver/frontend/call_gate.h"
#include "mockserver/frontend/messages/message_sink.h"
#include "proto/base/mutex.h"
#include "tql/transport.h"

namespace tql::frontend {

/// A thread runs the call and waits while several messages are unread, so memory is bounded.
class InProcessStream : public MessageStream, private MessageReceiver, private CallGate::Call {
 public:
  /// Executes the call and sends the whole response to the receiver.
  using Body = std::function<Status(MessageReceiver&)>;
  InProcessStream(std::shared_ptr<CallGate> gate, Body body, const CallLimits& limits);
  ~InProcessStream() override;

  /// Starts the call and returns when its response begins. UNAVAILABLE if the server has stopped.
  Status Begin();
  void Cancel() override;

 private:
  // Called by the reader.
  StatusOr<bool> Receive(Received& received) override;
  // Called by the thread that runs the call.
  void Run();
  bool Take(pb::ExecuteQueryResponse& message, std::string& rows) override;
  bool Gone() const override;
  void End(const net::Cut& cut) override;
  // Called by the thread that stops the server.
  void Cut() override;

  bool WaitUntilDue(base::MutexLock& lock, const std::function<bool()>& ready) TQL_REQUIRES(mutex_);
  Status WhyGone() const;

  const std::shared_ptr<CallGate> gate_;
  const Body body_;
  const Deadline deadline_;
  base::Mutex mutex_;
  std::condition_variable changed_;
  struct Taken {
    pb::ExecuteQueryResponse message;
    std::string rows;  // of its table, encoded by AppendRowMessage
  };
  std::deque<Taken> messages_ TQL_GUARDED_BY(mutex_);
  std::string rows_;                    // of the message that the reader has received last
  std::atomic<bool> cancelled_{false};  // written with mutex_ held, like cut_
  std::atomic<bool> cut_{false};
  bool ended_early_ = false;  // used by the thread that runs the call
  bool finished_ TQL_GUARDED_BY(mutex_) = false;
  Status result_ TQL_GUARDED_BY(mutex_);  // of the call, if finished_
  std::stop_callback<std::function<void()>> on_stop_;
  std::thread runner_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_INPROCESS_IN_PROCESS_STREAM_H_

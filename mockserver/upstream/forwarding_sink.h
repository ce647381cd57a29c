// Lets another service answer statements, and records its answers.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_FORWARDING_SINK_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_FORWARDING_SINK_H_

#include "mockserver/upstream/recording.h"
#include "mockserver/upstream/upstream_sink.h"

namespace tql::upstream {

class ForwardingSink : public UpstreamSink {
 public:
  /// All are borrowed.
  ForwardingSink(service::ResponseSink& wrapped, ForwardingCall& call, Recording& recording)
      : UpstreamSink(wrapped, call), recording_(recording) {}

  /// Does nothing after a failure: the answer must not look complete.
  void Finish() override;
  /// The status that the call ends with. An error if the other service did not answer.
  const Status& status() const { return status_; }

 private:
  bool Takes(const PendingStatement& /*pending*/) override { return true; }
  Answered AnswerTaken(const PendingStatement& pending) override;

  Recording& recording_;
  Status status_;
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_FORWARDING_SINK_H_

// What the sinks that involve another service have in common: the rules of a plan come first.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_UPSTREAM_SINK_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_UPSTREAM_SINK_H_

#include "mockserver/service/service_wrapper.h"
#include "mockserver/upstream/forwarding_call.h"

namespace tql::upstream {

/// A statement that the wrapped sink answers itself, by a rule of a plan, is not forwarded.
class UpstreamSink : public service::ResponseSinkWrapper {
 public:
  bool Answers(const PendingStatement& pending) final {
    answered_by_rule_ = ResponseSinkWrapper::Answers(pending);
    return answered_by_rule_ || (!pending.info.text.empty() && Takes(pending));
  }
  Answered Answer(const PendingStatement& pending) final {
    return answered_by_rule_ ? ResponseSinkWrapper::Answer(pending) : AnswerTaken(pending);
  }

 protected:
  /// Both are borrowed.
  UpstreamSink(service::ResponseSink& wrapped, ForwardingCall& call)
      : ResponseSinkWrapper(wrapped), call_(call) {}

  /// Whether AnswerTaken answers a statement that no rule answers.
  virtual bool Takes(const PendingStatement& pending) = 0;
  virtual Answered AnswerTaken(const PendingStatement& pending) = 0;

  ForwardingCall& call_;

 private:
  bool answered_by_rule_ = false;
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_UPSTREAM_SINK_H_

// The body of the HTTP response to a call without statements, as the rule for the call changes it.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_CALL_BODY_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_CALL_BODY_H_

#include <memory>
#include <string_view>

#include "mockserver/service/answer_control.h"
#include "mockserver/service/service.h"
#include "mockserver/testdouble/call.h"
#include "mockserver/testdouble/rule.h"

namespace tql::testdouble {

/// Adds the call to the journal when its body has ended, or when it is destroyed.
class CallBody : public service::CallBodyFilter {
 public:
  /// `taken` has a rule, and its outcome is set. The call is copied.
  CallBody(const DoubledCall& call, DoubledStatement taken);
  ~CallBody() override;
  CallBody(const CallBody&) = delete;
  CallBody& operator=(const CallBody&) = delete;

  bool replaces() const override { return pieces_ != nullptr; }
  bool Begin(service::BodyOutput& out) override;
  bool Pass(std::string_view bytes, service::BodyOutput& out) override;
  bool Finish(service::BodyOutput& out) override;

 private:
  bool Send(std::string_view bytes, service::BodyOutput& out);
  /// Notes whether more can be sent, and returns it.
  bool Sent(bool accepted);
  void AddCut();
  void Add();

  /// What is left of the call's context, which may be destroyed.
  service::CallContext context_;
  const DoubledCall call_;
  DoubledStatement taken_;
  const mockpb::Action::Answer* pieces_ = nullptr;  // instead of the body
  std::unique_ptr<service::BodyFilter> filter_;     // null: only the ends of the body change
  bool begun_ = false;
  bool gone_ = false;
  bool cut_ = false;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_CALL_BODY_H_

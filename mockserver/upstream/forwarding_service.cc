#include "mockserver/upstream/forwarding_service.h"

#include <optional>

#include "mockserver/service/proto_script.h"

namespace tql::upstream {

using service::AdmittedCall;
using service::CallContext;

class ForwardingService::Call : public AdmittedCall {
 public:
  Call(ForwardingService& service, std::unique_ptr<AdmittedCall> admitted, ForwardingCall call)
      : service_(service), admitted_(std::move(admitted)), call_(std::move(call)) {}

  std::optional<service::ResponseSink::PendingStatement> First() const override {
    return admitted_->First();
  }
  Status Run(service::ResponseSink& sink) override { return service_.Run(*admitted_, call_, sink); }

 private:
  ForwardingService& service_;
  const std::unique_ptr<AdmittedCall> admitted_;
  ForwardingCall call_;
};

StatusOr<std::unique_ptr<AdmittedCall>> ForwardingService::Query(CallContext& context,
                                                                 pb::ExecuteQueryRequest request) {
  ForwardingCall call(upstream_, context, stop_, mockpb::QUERY, request.query().statement(),
                      request.options(), AnswersOf(request));
  auto admitted = ServiceWrapper::Query(context, std::move(request));
  if (!admitted.ok()) return admitted;
  return std::unique_ptr<AdmittedCall>(
      std::make_unique<Call>(*this, *std::move(admitted), std::move(call)));
}

StatusOr<std::unique_ptr<AdmittedCall>> ForwardingService::RunScript(
    CallContext& context, pb::ExecuteSqlScriptRequest request) {
  if (request.script_type() == pb::ExecuteSqlScriptRequest::PROTO_SCRIPT) {
    auto unwrapped = service::UnwrapProtoScript(request);
    if (!unwrapped.ok()) return unwrapped.status();
    request = *std::move(unwrapped);
  }
  ForwardingCall call(upstream_, context, stop_, mockpb::SCRIPT, request.script(),
                      request.options());
  auto admitted = ServiceWrapper::RunScript(context, std::move(request));
  if (!admitted.ok()) return admitted;
  return std::unique_ptr<AdmittedCall>(
      std::make_unique<Call>(*this, *std::move(admitted), std::move(call)));
}

}  // namespace tql::upstream

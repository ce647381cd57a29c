// Forwards the statements of queries and scripts to another service.
#ifndef TQLKIT_MOCKSERVER_UPSTREAM_FORWARDING_SERVICE_H_
#define TQLKIT_MOCKSERVER_UPSTREAM_FORWARDING_SERVICE_H_

#include <memory>
#include <stop_token>
#include <utility>

#include "mockserver/service/service_wrapper.h"
#include "mockserver/upstream/forwarding_call.h"

namespace tql::upstream {

/// The wrapped service admits the calls and splits them into statements, so that sessions, scripts
/// and contexts are those of this server. A subclass runs the admitted calls. Thread safety: as
/// service::Service.
class ForwardingService : public service::ServiceWrapper {
 public:
  /// All but `stop` are borrowed. A requested `stop` cancels forwarded statements.
  ForwardingService(service::Service& wrapped, const Upstream& upstream, std::stop_token stop)
      : ServiceWrapper(wrapped), upstream_(upstream), stop_(std::move(stop)) {}

  StatusOr<std::unique_ptr<service::AdmittedCall>> Query(service::CallContext& context,
                                                         pb::ExecuteQueryRequest request) override;
  StatusOr<std::unique_ptr<service::AdmittedCall>> RunScript(
      service::CallContext& context, pb::ExecuteSqlScriptRequest request) override;

 protected:
  /// Runs the call with a sink of the subclass, which forwards. The arguments outlive the run.
  virtual Status Run(service::AdmittedCall& admitted, ForwardingCall& call,
                     service::ResponseSink& sink) = 0;
  const Upstream& upstream() const { return upstream_; }

 private:
  class Call;

  const Upstream& upstream_;
  const std::stop_token stop_;
};

}  // namespace tql::upstream

#endif  // TQLKIT_MOCKSERVER_UPSTREAM_FORWARDING_SERVICE_H_

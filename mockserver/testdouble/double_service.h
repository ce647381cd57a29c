// The service of a test double: finds the rule for each call and each statement, carries out its
// actions, and writes the journal.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_DOUBLE_SERVICE_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_DOUBLE_SERVICE_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/service/service_wrapper.h"
#include "mockserver/service/session.h"
#include "mockserver/space/namespaces.h"
#include "mockserver/testdouble/call.h"
#include "mockserver/testdouble/patterns.h"

namespace tql::testdouble {

/// Each namespace must have a Double attached. Thread safety: as service::Service.
class DoubleService : public service::ServiceWrapper {
 public:
  /// All arguments are borrowed.
  DoubleService(service::Service& wrapped, const space::Namespaces& namespaces,
                service::SessionStore& sessions)
      : ServiceWrapper(wrapped), namespaces_(namespaces), sessions_(sessions) {}

  StatusOr<service::LoginResult> Login(service::CallContext& context,
                                       const pb::LoginRequest& request) override;
  void Logout(service::CallContext& context) override;
  StatusOr<std::unique_ptr<service::AdmittedCall>> Query(service::CallContext& context,
                                                         pb::ExecuteQueryRequest request) override;
  StatusOr<std::unique_ptr<service::AdmittedCall>> RunScript(
      service::CallContext& context, pb::ExecuteSqlScriptRequest request) override;
  StatusOr<service::TokenList> Tokens(service::CallContext& context,
                                      const pb::GetTokensRequest& request) override;
  StatusOr<std::int64_t> SchemaVersion(service::CallContext& context) override;
  Status Other(service::CallContext& context) override;
  Status Serve(service::CallContext& context, service::Neighbor service,
               const std::function<Status()>& answer) override;
  void Answered(const service::CallContext& context, const Status& status) override;

 private:
  using Admission = StatusOr<std::unique_ptr<service::AdmittedCall>>;

  std::shared_ptr<space::Namespace> NamespaceOf(std::string_view name) const;
  /// Carries out the actions of a rule that come before an answer. Returns the status that the call
  /// ends with instead of its answer, or OK. `run` runs the call where its answer is lost, with the
  /// status that it ends with.
  Status BeforeAnswer(const DoubledCall& call, DoubledStatement& taken, bool has_statements,
                      const std::function<void(const Status&)>& run) const;
  /// The status of the call when its session has ended.
  Status EndSession(service::CallContext& context, mockpb::Action::Session::What what) const;
  /// Runs a call without statements, whose result is a StatusOr.
  template <typename Result>
  Result Doubled(service::CallContext& context, mockpb::Call kind,
                 const std::function<Result()>& run) const;
  Status DoubledStatus(service::CallContext& context, mockpb::Call kind,
                       const std::function<Status()>& run) const;
  Admission Admitted(service::CallContext& context, mockpb::Call kind, std::string_view text,
                     const pb::TqlOptions* options, const DoubledCall::UnknownKeys& unknown_keys,
                     const std::function<Admission()>& admit);

  const space::Namespaces& namespaces_;
  service::SessionStore& sessions_;
  Patterns patterns_;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_DOUBLE_SERVICE_H_

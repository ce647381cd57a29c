// The Service over the namespaces of a server: sessions, queries, scripts, tokens.
#ifndef TQLKIT_MOCKSERVER_SERVICE_TQL_SERVICE_H_
#define TQLKIT_MOCKSERVER_SERVICE_TQL_SERVICE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>

#include "mockserver/engine/engine.h"
#include "mockserver/service/service.h"
#include "mockserver/service/statement_runner.h"
#include "mockserver/space/namespaces.h"

namespace tql::service {

class TqlService : public Service {
 public:
  struct Options {
    /// Requested when the server stops. The namespaces cancel their statements themselves.
    std::stop_token stop = {};
  };
  /// All arguments but the options must outlive the service. The sessions use the environments of
  /// the namespaces from now on.
  TqlService(const space::Namespaces& namespaces, SessionStore& sessions,
             const engine::Clock& clock, Options options);

  Status Authenticate(CallContext& context) override;
  StatusOr<LoginResult> Login(CallContext& context, const pb::LoginRequest& request) override;
  void Logout(CallContext& context) override;
  StatusOr<std::unique_ptr<AdmittedCall>> Query(CallContext& context,
                                                pb::ExecuteQueryRequest request) override;
  StatusOr<std::unique_ptr<AdmittedCall>> RunScript(CallContext& context,
                                                    pb::ExecuteSqlScriptRequest request) override;
  StatusOr<TokenList> Tokens(CallContext& context, const pb::GetTokensRequest& request) override;
  StatusOr<std::int64_t> SchemaVersion(CallContext& context) override;
  Status Other(CallContext& /*context*/) override { return Status(); }
  void Answered(const CallContext& /*context*/, const Status& /*status*/) override {}

 private:
  using NamespacePtr = std::shared_ptr<space::Namespace>;

  /// Returns the namespace of the session. UNAUTHENTICATED if it was removed.
  StatusOr<NamespacePtr> NamespaceOf(const CallContext& context) const;
  /// Does the same after checks of the session, its privilege and the request's texts.
  StatusOr<NamespacePtr> Enter(CallContext& context, const google::protobuf::Message& request);
  StatusOr<std::unique_ptr<AdmittedCall>> AdmitScript(const CallContext& context,
                                                      NamespacePtr space,
                                                      pb::ExecuteSqlScriptRequest request);
  /// Admits the statements of `text`, to be run in `space`.
  StatusOr<std::unique_ptr<AdmittedCall>> Admit(const CallContext& context, NamespacePtr space,
                                                std::string text,
                                                StatementRunner::Settings settings) const;

  const space::Namespaces& namespaces_;
  SessionStore& sessions_;
  const engine::Clock& clock_;
  const Options options_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_TQL_SERVICE_H_

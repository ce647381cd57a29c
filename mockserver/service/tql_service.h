// The Service over one engine: sessions, queries, scripts, tokens.
#ifndef TQLKIT_MOCKSERVER_SERVICE_TQL_SERVICE_H_
#define TQLKIT_MOCKSERVER_SERVICE_TQL_SERVICE_H_

#include <chrono>
#include <cstdint>
#include <memory>
#include <stop_token>

#include "mockserver/engine/engine.h"
#include "mockserver/service/service.h"
#include "mockserver/storage/cancellation.h"

namespace tql::service {

class TqlService : public Service {
 public:
  struct Options {
    /// The longest a statement may run; zero: for ever.
    std::chrono::milliseconds statement_timeout{0};
    /// Requested: running statements are cancelled.
    std::stop_token stop = {};
  };
  /// `sessions` and `clock` outlive the service.
  TqlService(std::unique_ptr<engine::Engine> engine, SessionStore& sessions,
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
  void Answered(const CallContext& /*context*/, const Status& /*status*/) override {}

 private:
  /// Whether the session may run statements, and the request is one to look at.
  Status Enter(CallContext& context, const google::protobuf::Message& request);
  storage::Cancellation CancellationOf(const CallContext& context) const;
  StatusOr<std::unique_ptr<AdmittedCall>> AdmitScript(const CallContext& context,
                                                      pb::ExecuteSqlScriptRequest request);

  const std::unique_ptr<engine::Engine> engine_;
  SessionStore& sessions_;
  const engine::Clock& clock_;
  const Options options_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_TQL_SERVICE_H_

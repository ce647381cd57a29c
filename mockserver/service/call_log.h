// The log of calls, one line per call.
#ifndef TQLKIT_MOCKSERVER_SERVICE_CALL_LOG_H_
#define TQLKIT_MOCKSERVER_SERVICE_CALL_LOG_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/service/service_wrapper.h"

namespace tql::service {

/// Logs every call when it ends: its method, its caller, its namespace (unless it is main), its
/// result and its duration. Never logs the text of a statement, a cell, a password or a token.
///
///   POST /ts_dataservice/v1/public/tql/query from 127.0.0.1, request 7f, user ann, namespace t1,
///   OK, statements 2 (1 failed), rows 10, bytes 7000, 5120 us
///
/// An exception of the wrapped service becomes an INTERNAL error, which is logged as an error.
class CallLog : public ServiceWrapper {
 public:
  /// Receives a line; called from any thread. If empty, nothing is logged.
  using Write = std::function<void(bool error, std::string_view line)>;
  /// `clock` is borrowed. With `errors_only`, no other lines are composed.
  CallLog(Service& wrapped, const engine::Clock& clock, Write write, bool errors_only = false);

  StatusOr<LoginResult> Login(CallContext& context, const pb::LoginRequest& request) override;
  void Logout(CallContext& context) override;
  StatusOr<std::unique_ptr<AdmittedCall>> Query(CallContext& context,
                                                pb::ExecuteQueryRequest request) override;
  StatusOr<std::unique_ptr<AdmittedCall>> RunScript(CallContext& context,
                                                    pb::ExecuteSqlScriptRequest request) override;
  StatusOr<TokenList> Tokens(CallContext& context, const pb::GetTokensRequest& request) override;
  StatusOr<std::int64_t> SchemaVersion(CallContext& context) override;
  Status Other(CallContext& context) override;
  Status Serve(CallContext& context, Neighbor service,
               const std::function<Status()>& answer) override;
  void Answered(const CallContext& context, const Status& status) override;

 private:
  class LoggedCall;
  /// The content of an answer.
  struct Counts {
    std::size_t statements = 0;
    std::size_t failed = 0;  // of them
    std::uint64_t rows = 0;
  };

  void Log(const CallContext& context, const Status& status, const Counts* counts) const noexcept;
  template <typename Call>
  auto Logged(CallContext& context, const Call& call);
  template <typename Admit>
  StatusOr<std::unique_ptr<AdmittedCall>> Admitted(CallContext& context, const Admit& admit);

  const engine::Clock& clock_;
  const Write write_;
  const bool errors_only_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_CALL_LOG_H_

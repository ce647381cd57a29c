// The TQL service without a protocol: sessions, queries, scripts, tokens. Front ends turn their
// protocol into these calls and the sinks' calls into bytes.
#ifndef TQLKIT_MOCKSERVER_SERVICE_TQL_SERVICE_H_
#define TQLKIT_MOCKSERVER_SERVICE_TQL_SERVICE_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/engine.h"
#include "mockserver/service/response_sink.h"
#include "mockserver/service/session.h"
#include "mockserver/storage/cancellation.h"
#include "tql/status.h"
#include "tql/wire/messages.h"

namespace tql::service {

/// PERMISSION_DENIED for a user without the privilege to run statements.
Status CheckPrivilege(const Session& session);

/// Thread safety: every method may be called from any number of threads.
class TqlService {
 public:
  struct Options {
    /// The longest a statement may run; zero: for ever.
    std::chrono::milliseconds statement_timeout{0};
  };
  TqlService(std::unique_ptr<engine::Engine> engine, SessionStore& sessions, Options options);

  /// Runs the statement or statements of the request for `session`. An error is answered only
  /// before anything was written: PERMISSION_DENIED without the privilege, INVALID_ARGUMENT for a
  /// request that has no `statement` at all; a blank one succeeds. A statement that fails is an
  /// answer, in the sink.
  Status Query(const Session& session, const pb::ExecuteQueryRequest& request, ResponseSink& sink,
               const storage::Cancellation& cancellation);
  /// Runs a script; its statements' answers are written as each one ends. Each begins with the
  /// statement's text as an INFO message; once a second, with a line of progress before it. `exit;`
  /// and `quit;` end the script with success. A PROTO_SCRIPT is an ExecuteSqlScriptRequest in
  /// protobuf text format whose `script` is TQL:
  ///   script: "show databases; show tables;" options { adv_options { allow_unsafe: true } }
  /// Errors as for Query.
  Status RunScript(const Session& session, const pb::ExecuteSqlScriptRequest& request,
                   ResponseSink& sink, const storage::Cancellation& cancellation);

  /// Words of the language, in alphabetical order.
  const std::vector<std::string>& StaticTokens() const { return static_tokens_; }
  /// See Engine::VisitNames.
  void VisitDynamicTokens(const std::function<bool(std::string_view)>& visit) const;
  std::int64_t SchemaVersion() const;

  SessionStore& sessions() { return sessions_; }

 private:
  std::unique_ptr<engine::Engine> engine_;
  SessionStore& sessions_;
  Options options_;
  std::vector<std::string> static_tokens_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_TQL_SERVICE_H_

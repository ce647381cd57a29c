// The calls of the TQL service over its messages: what a front end does that needs no JSON.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_CALLS_H_
#define TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_CALLS_H_

#include <functional>
#include <stop_token>
#include <string_view>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/messages/message_sink.h"
#include "mockserver/service/tql_service.h"
#include "tql/status.h"
#include "tqlkit/tql_service.pb.h"

namespace tql::frontend {

/// Each call but Login and Logout takes the token of a session and is UNAUTHENTICATED without a
/// live one. A request with a text that is no UTF-8 is an INVALID_ARGUMENT. Otherwise the errors
/// are those of service::TqlService.
///
/// Thread safety: every method may be called from any number of threads.
class MessageCalls {
 public:
  /// `service` and `clock` outlive the calls. Running statements are cancelled when `stop` is
  /// requested.
  MessageCalls(service::TqlService& service, const engine::Clock& clock, std::stop_token stop)
      : service_(service), clock_(clock), stop_(std::move(stop)) {}

  /// `peer` is the client's address: who guesses too often must wait.
  StatusOr<pb::LoginResponse> Login(const pb::LoginRequest& request, std::string_view peer);
  void Logout(std::string_view token);

  /// Run to the end of the answer.
  Status Query(std::string_view token, const pb::ExecuteQueryRequest& request,
               MessageReceiver& receiver);
  Status RunScript(std::string_view token, const pb::ExecuteSqlScriptRequest& request,
                   MessageReceiver& receiver);

  StatusOr<pb::GetTokensResponse> GetTokens(std::string_view token,
                                            const pb::GetTokensRequest& request);
  /// The same in messages of about 64 KiB; ends early when `take` returns false.
  Status StreamTokens(std::string_view token, const pb::GetTokensRequest& request,
                      const std::function<bool(const pb::GetTokensResponse& piece)>& take);
  StatusOr<pb::GetSchemaVersionResponse> GetSchemaVersion(std::string_view token);

 private:
  storage::Cancellation CancellationOf(const MessageReceiver& receiver) const;

  service::TqlService& service_;
  const engine::Clock& clock_;
  const std::stop_token stop_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_CALLS_H_

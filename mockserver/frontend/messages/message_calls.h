// The calls of the service with protobuf messages, shared by gRPC and in-process calls.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_CALLS_H_
#define TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_CALLS_H_

#include <functional>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/messages/message_sink.h"
#include "mockserver/service/service.h"
#include "tql/status.h"

namespace tql::frontend {

/// Thread safety: every method may be called from any number of threads.
class MessageCalls {
 public:
  /// `service` and `clock` must outlive this object.
  MessageCalls(service::Service& service, const engine::Clock& clock)
      : service_(service), clock_(clock) {}

  service::Service& service() const { return service_; }

  /// Execute the request and send the whole response to the receiver. The statement is cancelled if
  /// the client has disconnected.
  Status Query(service::CallContext& context, pb::ExecuteQueryRequest request,
               MessageReceiver& receiver) const;
  Status RunScript(service::CallContext& context, pb::ExecuteSqlScriptRequest request,
                   MessageReceiver& receiver) const;

  StatusOr<pb::LoginResponse> Login(service::CallContext& context,
                                    const pb::LoginRequest& request) const;
  StatusOr<pb::GetTokensResponse> GetTokens(service::CallContext& context,
                                            const pb::GetTokensRequest& request) const;
  /// The same in messages of about 64 KiB; ends early when `take` returns false.
  Status StreamTokens(service::CallContext& context, const pb::GetTokensRequest& request,
                      const std::function<bool(const pb::GetTokensResponse& piece)>& take) const;
  StatusOr<pb::GetSchemaVersionResponse> GetSchemaVersion(service::CallContext& context) const;

 private:
  Status Run(service::CallContext& context, StatusOr<std::unique_ptr<service::AdmittedCall>> call,
             MessageReceiver& receiver) const;

  service::Service& service_;
  const engine::Clock& clock_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_MESSAGES_MESSAGE_CALLS_H_

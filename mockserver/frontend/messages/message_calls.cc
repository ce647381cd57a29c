#include "mockserver/frontend/messages/message_calls.h"

#include <span>
#include <string>
#include <utility>

namespace tql::frontend {

Status MessageCalls::Run(service::CallContext& context,
                         StatusOr<std::unique_ptr<service::AdmittedCall>> call,
                         MessageReceiver& receiver) const {
  if (context.cut) receiver.End(*context.cut);
  if (!call.ok()) return call.status();
  MessageSink sink(receiver, clock_);
  return (*call)->Run(sink);
}

Status MessageCalls::Query(service::CallContext& context, pb::ExecuteQueryRequest request,
                           MessageReceiver& receiver) const {
  context.client_gone = [&receiver] { return receiver.Gone(); };
  return Run(context, service_.Query(context, std::move(request)), receiver);
}

Status MessageCalls::RunScript(service::CallContext& context, pb::ExecuteSqlScriptRequest request,
                               MessageReceiver& receiver) const {
  context.client_gone = [&receiver] { return receiver.Gone(); };
  return Run(context, service_.RunScript(context, std::move(request)), receiver);
}

StatusOr<pb::LoginResponse> MessageCalls::Login(service::CallContext& context,
                                                const pb::LoginRequest& request) const {
  StatusOr<service::LoginResult> login = service_.Login(context, request);
  if (!login.ok()) return login.status();
  pb::LoginResponse response;
  response.set_session_token(std::move(login->token));
  response.set_user_guid(login->session.user->guid);
  return response;
}

StatusOr<pb::GetTokensResponse> MessageCalls::GetTokens(service::CallContext& context,
                                                        const pb::GetTokensRequest& request) const {
  pb::GetTokensResponse response;
  const Status status = StreamTokens(context, request, [&](const pb::GetTokensResponse& piece) {
    response.MergeFrom(piece);
    return true;
  });
  if (!status.ok()) return status;
  return response;
}

Status MessageCalls::StreamTokens(
    service::CallContext& context, const pb::GetTokensRequest& request,
    const std::function<bool(const pb::GetTokensResponse& piece)>& take) const {
  const StatusOr<service::TokenList> list = service_.Tokens(context, request);
  if (!list.ok()) return list.status();
  pb::GetTokensResponse message;
  if (list->schema_version) message.set_server_schema_version(*list->schema_version);
  list->VisitPieces([&](std::span<const std::string> piece) {
    message.mutable_tokens()->Assign(piece.begin(), piece.end());
    return take(message);
  });
  return Status();
}

StatusOr<pb::GetSchemaVersionResponse> MessageCalls::GetSchemaVersion(
    service::CallContext& context) const {
  const StatusOr<std::int64_t> version = service_.SchemaVersion(context);
  if (!version.ok()) return version.status();
  pb::GetSchemaVersionResponse response;
  response.mutable_context()->set_server_schema_version(*version);
  return response;
}

}  // namespace tql::frontend

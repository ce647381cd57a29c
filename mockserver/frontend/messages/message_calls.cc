#include "mockserver/frontend/messages/message_calls.h"

#include <string>
#include <utility>

#include "tql/wire/message_utf8.h"

namespace tql::frontend {
namespace {

constexpr std::size_t kTokensPieceBytes = std::size_t{64} << 10;

Status CheckTexts(const google::protobuf::Message& request) {
  if (HasValidUtf8(request)) return Status();
  return InvalidArgumentError("the request has a text with bytes that are no UTF-8");
}

}  // namespace

StatusOr<pb::LoginResponse> MessageCalls::Login(const pb::LoginRequest& request,
                                                std::string_view peer) {
  if (Status status = CheckTexts(request); !status.ok()) return status;
  auto login = service_.sessions().Login(request.username(), request.password(), peer);
  if (!login.ok()) return login.status();
  pb::LoginResponse response;
  response.set_session_token(login->token);
  response.set_user_guid(login->session.user->guid);
  return response;
}

void MessageCalls::Logout(std::string_view token) { service_.sessions().Logout(token); }

storage::Cancellation MessageCalls::CancellationOf(const MessageReceiver& receiver) const {
  storage::Cancellation cancellation;
  cancellation.stop = stop_;
  cancellation.client_gone = [&receiver] { return receiver.Gone(); };
  return cancellation;
}

Status MessageCalls::Query(std::string_view token, const pb::ExecuteQueryRequest& request,
                           MessageReceiver& receiver) {
  const auto session = service_.sessions().Authenticate(token);
  if (!session.ok()) return session.status();
  if (Status status = CheckTexts(request); !status.ok()) return status;
  MessageSink sink(receiver, clock_);
  return service_.Query(*session, request, sink, CancellationOf(receiver));
}

Status MessageCalls::RunScript(std::string_view token, const pb::ExecuteSqlScriptRequest& request,
                               MessageReceiver& receiver) {
  const auto session = service_.sessions().Authenticate(token);
  if (!session.ok()) return session.status();
  if (Status status = CheckTexts(request); !status.ok()) return status;
  MessageSink sink(receiver, clock_);
  return service_.RunScript(*session, request, sink, CancellationOf(receiver));
}

StatusOr<pb::GetTokensResponse> MessageCalls::GetTokens(std::string_view token,
                                                        const pb::GetTokensRequest& request) {
  const auto session = service_.sessions().Authenticate(token);
  if (!session.ok()) return session.status();
  if (Status status = service::CheckPrivilege(*session); !status.ok()) return status;
  pb::GetTokensResponse response;
  if (request.kind() == pb::GetTokensRequest::STATIC) {
    for (const std::string& word : service_.StaticTokens()) response.add_tokens(word);
    return response;
  }
  response.set_server_schema_version(service_.SchemaVersion());
  service_.VisitDynamicTokens([&](std::string_view name) {
    response.add_tokens(name.data(), name.size());
    return true;
  });
  return response;
}

Status MessageCalls::StreamTokens(
    std::string_view token, const pb::GetTokensRequest& request,
    const std::function<bool(const pb::GetTokensResponse& piece)>& take) {
  // All of them first: a slow reader must not hold up the catalog.
  StatusOr<pb::GetTokensResponse> all = GetTokens(token, request);
  if (!all.ok()) return all.status();
  pb::GetTokensResponse piece;
  if (all->has_server_schema_version()) {
    piece.set_server_schema_version(all->server_schema_version());
  }
  std::size_t bytes = 0;
  for (std::string& word : *all->mutable_tokens()) {
    bytes += word.size();
    piece.add_tokens(std::move(word));
    if (bytes < kTokensPieceBytes) continue;
    if (!take(piece)) return Status();
    piece.clear_tokens();
    bytes = 0;
  }
  take(piece);
  return Status();
}

StatusOr<pb::GetSchemaVersionResponse> MessageCalls::GetSchemaVersion(std::string_view token) {
  if (const auto session = service_.sessions().Authenticate(token); !session.ok()) {
    return session.status();
  }
  pb::GetSchemaVersionResponse response;
  response.mutable_context()->set_server_schema_version(service_.SchemaVersion());
  return response;
}

}  // namespace tql::frontend

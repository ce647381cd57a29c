#include "mockserver/upstream/recording_service.h"

#include "mockserver/upstream/forwarding_sink.h"

namespace tql::upstream {

Status RecordingService::Run(service::AdmittedCall& admitted, ForwardingCall& call,
                             service::ResponseSink& sink) {
  ForwardingSink forwarding(sink, call, recording_);
  const Status status = admitted.Run(forwarding);
  return forwarding.status().ok() ? status : forwarding.status();
}

StatusOr<service::TokenList> RecordingService::Tokens(service::CallContext& context,
                                                      const pb::GetTokensRequest& request) {
  // The wrapped service checks the session and the privilege.
  auto list = ForwardingService::Tokens(context, request);
  if (!list.ok()) return list;
  const bool is_static = request.kind() == pb::GetTokensRequest::STATIC;
  auto tokens =
      Client(upstream().client).GetTokens(is_static ? TokenKind::kStatic : TokenKind::kDynamic);
  if (!tokens.ok()) return Explained(upstream(), tokens.status());
  return service::TokenList{.schema_version = tokens->server_schema_version,
                            .tokens = std::move(tokens->tokens)};
}

StatusOr<std::int64_t> RecordingService::SchemaVersion(service::CallContext& context) {
  auto own = ForwardingService::SchemaVersion(context);
  if (!own.ok()) return own;
  auto version = Client(upstream().client).SchemaVersion();
  if (!version.ok()) return Explained(upstream(), version.status());
  return version;
}

}  // namespace tql::upstream

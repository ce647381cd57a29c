// Conversion between the types of the Transport interface and the service's messages.
#ifndef TQLKIT_CLIENT_SRC_MESSAGES_H_
#define TQLKIT_CLIENT_SRC_MESSAGES_H_

#include <string>

#include "tql/transport.h"
#include "tql/wire/messages.h"
#include "tqlkit/tql_service.pb.h"

namespace tql {

/// Initialises the descriptors of the messages. Otherwise protobuf initialises them on first use,
/// under locks that may be held forever in the child of a fork(). Cheap if already done.
void PrepareMessages();

/// Convert the arguments of a call to a request. Invalid UTF-8 is replaced, as over HTTP.
pb::ExecuteQueryRequest ToMessage(const QueryParams& params);
pb::ExecuteSqlScriptRequest ToMessage(const ScriptParams& params);
pb::LoginRequest ToMessage(const LoginParams& params);
pb::GetTokensRequest ToMessage(const TokensParams& params);

/// Returns the request as JSON. protobuf's printer locks its descriptors, so all requests are
/// printed under one ForkMutex; then the child of a fork() never finds that lock held.
std::string RequestJson(const QueryParams& params);
std::string RequestJson(const ScriptParams& params);

/// Convert parts of a response.
ContextChange FromMessage(const pb::QueryContext& context);
Question FromMessage(const pb::InteractiveQueryQuestion& question);
Progress FromMessage(const pb::ExecuteQueryResponse::Result::Progress& progress);
Header FromMessage(const pb::ExecuteQueryResponse::Result::TableResult& table);
Message FromMessage(const pb::ExecuteQueryResponse::Result::OutMessage& message);
Tokens FromMessage(const pb::GetTokensResponse& response);
/// INTERNAL if the response has no schema version.
StatusOr<std::int64_t> FromMessage(const pb::GetSchemaVersionResponse& response);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_MESSAGES_H_

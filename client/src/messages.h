// What the interface of a transport holds <-> the service's messages.
#ifndef TQLKIT_CLIENT_SRC_MESSAGES_H_
#define TQLKIT_CLIENT_SRC_MESSAGES_H_

#include <string>

#include "tql/transport.h"
#include "tql/wire/messages.h"
#include "tqlkit/tql_service.pb.h"

namespace tql {

/// Makes what protobuf otherwise makes of its descriptors when a message is first used: it does so
/// under locks that the child of a fork() would find held for ever. Cheap when it is done.
void PrepareMessages();

/// Bytes that are no UTF-8 are replaced, as over HTTP.
pb::ExecuteQueryRequest ToMessage(const QueryParams& params);
pb::ExecuteSqlScriptRequest ToMessage(const ScriptParams& params);
pb::LoginRequest ToMessage(const LoginParams& params);
pb::GetTokensRequest ToMessage(const TokensParams& params);

/// The request as JSON. protobuf's printer locks its descriptors: all requests are printed under
/// one ForkMutex, so that the child of a fork() never finds that lock held.
std::string RequestJson(const QueryParams& params);
std::string RequestJson(const ScriptParams& params);

ContextChange FromMessage(const pb::QueryContext& context);
Question FromMessage(const pb::InteractiveQueryQuestion& question);
Progress FromMessage(const pb::ExecuteQueryResponse::Result::Progress& progress);
Header FromMessage(const pb::ExecuteQueryResponse::Result::TableResult& table);
Message FromMessage(const pb::ExecuteQueryResponse::Result::OutMessage& message);
Tokens FromMessage(const pb::GetTokensResponse& response);
/// INTERNAL when there is none in it.
StatusOr<std::int64_t> FromMessage(const pb::GetSchemaVersionResponse& response);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_MESSAGES_H_

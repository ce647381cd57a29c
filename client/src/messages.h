// What the interface of a transport holds <-> the service's messages.
#ifndef TQLKIT_CLIENT_SRC_MESSAGES_H_
#define TQLKIT_CLIENT_SRC_MESSAGES_H_

#include "tql/transport.h"
#include "tql/wire/messages.h"

namespace tql {

pb::ExecuteQueryRequest ToMessage(const QueryParams& params);
pb::ExecuteSqlScriptRequest ToMessage(const ScriptParams& params);

ContextChange FromMessage(const pb::QueryContext& context);
Question FromMessage(const pb::InteractiveQueryQuestion& question);
Progress FromMessage(const pb::ExecuteQueryResponse::Result::Progress& progress);
Header FromMessage(const pb::ExecuteQueryResponse::Result::TableResult& table);
Message FromMessage(const pb::ExecuteQueryResponse::Result::OutMessage& message);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_MESSAGES_H_

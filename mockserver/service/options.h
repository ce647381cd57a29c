// Converts messages of the service to structs of the engine.
#ifndef TQLKIT_MOCKSERVER_SERVICE_OPTIONS_H_
#define TQLKIT_MOCKSERVER_SERVICE_OPTIONS_H_

#include "mockserver/engine/statement_options.h"
#include "mockserver/engine/statement_sink.h"
#include "tql/wire/messages.h"

namespace tql::service {

/// Fields that are not set get the defaults of their message.
engine::StatementOptions ToStatementOptions(const pb::TqlOptions& options);
engine::Context ToContext(const pb::QueryContext& context);

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_OPTIONS_H_

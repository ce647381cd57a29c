// Converts answers of the engine to messages of the service.
#ifndef TQLKIT_MOCKSERVER_SERVICE_ANSWERS_H_
#define TQLKIT_MOCKSERVER_SERVICE_ANSWERS_H_

#include <span>

#include "mockserver/engine/statement_sink.h"
#include "tql/wire/messages.h"

namespace tql::service {

pb::QueryContext ToMessage(const engine::Context& context);
pb::InteractiveQueryQuestion ToMessage(const engine::Question& question);
pb::ExecuteQueryResponse::Result::Progress ToMessage(const engine::Progress& stage);
/// Returns a table with headers and no rows.
pb::ExecuteQueryResponse::Result::TableResult HeadersOf(std::span<const engine::Column> columns);
pb::ExecuteQueryResponse::Result::TableResult::ColumnHeader::Type TypeOf(values::TypeKind kind);
pb::ExecuteQueryResponse::Result::OutMessage::Type TypeOf(engine::MessageType type);

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_ANSWERS_H_

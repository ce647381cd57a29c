#include "mockserver/engine/engine.h"

#include <set>
#include <utility>

#include "mockserver/engine/builtins.h"
#include "mockserver/engine/catalog.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "mockserver/engine/statement_context.h"
#include "mockserver/engine/statement_writer.h"
#include "mockserver/engine/table_activity.h"
#include "proto/base/status_macros.h"

namespace tql::engine {

Engine::Engine(std::unique_ptr<storage::Storage> storage, GuidSource& guids,
               std::unique_ptr<Catalog> catalog, std::unique_ptr<TableActivity> activity)
    : storage_(std::move(storage)),
      guids_(guids),
      catalog_(std::move(catalog)),
      activity_(std::move(activity)) {}

Engine::~Engine() = default;

StatusOr<std::unique_ptr<Engine>> Engine::Create(std::unique_ptr<storage::Storage> storage,
                                                 GuidSource& guids, const Clock& clock) {
  TQL_ASSIGN_OR_RETURN(storage::CatalogRecords records, storage->Load());
  if (records.last_id == 0) {
    TQL_ASSIGN_OR_RETURN(records, CreateBuiltIns(*storage, guids));
  }
  auto catalog = std::make_unique<Catalog>(std::move(records), *storage);
  return std::unique_ptr<Engine>(new Engine(std::move(storage), guids, std::move(catalog),
                                            std::make_unique<TableActivity>(clock)));
}

StatusOr<std::unique_ptr<Engine>> Engine::Fork(const storage::Cancellation& cancellation,
                                               GuidSource& guids, const Clock& clock) const {
  TQL_ASSIGN_OR_RETURN(storage::ForkedStorage fork, storage_->Fork(cancellation));
  const Catalog::Reader state = catalog_->Read();
  std::unique_ptr<Catalog> catalog;
  if (state->version() == fork.schema_version) {
    catalog = std::make_unique<Catalog>(state, *fork.storage);
  } else {  // The catalog has changed since the fork.
    TQL_ASSIGN_OR_RETURN(storage::CatalogRecords records, fork.storage->Load());
    catalog = std::make_unique<Catalog>(std::move(records), *fork.storage);
  }
  return std::unique_ptr<Engine>(new Engine(std::move(fork.storage), guids, std::move(catalog),
                                            std::make_unique<TableActivity>(*activity_, clock)));
}

Status Engine::Execute(const Request& request, StatementSink& sink) {
  StatementWriter writer(*catalog_, request, sink);
  const StatementContext statement{*catalog_, *storage_, guids_, *activity_, request, writer};
  const Status reason = std::visit(
      [&](const auto& node) { return engine::Execute(statement, node); }, request.statement.node);
  // The reason may have only an offset in the statement; the outcome has its place in the script.
  const Status outcome = errors::InScript(errors::Placed(reason, request.text), request.origin);
  writer.End(outcome);
  return outcome;
}

StatusOr<std::vector<Status>> Engine::InsertTogether(std::span<const Request> requests,
                                                     bool go_on) {
  TQL_ASSIGN_OR_RETURN(std::vector<Status> outcomes,
                       engine::InsertTogether(*catalog_, *activity_, requests, go_on));
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    outcomes[i] =
        errors::InScript(errors::Placed(outcomes[i], requests[i].text), requests[i].origin);
  }
  return outcomes;
}

void Engine::WriteOutcome(const Request& request, const Status& outcome, StatementSink& sink) {
  StatementWriter writer(*catalog_, request, sink);
  writer.End(outcome.ok() ? writer.Finish() : outcome);
}

std::optional<StatusOr<BegunSelect>> Engine::BeginSelect(const Request& request) {
  const auto* select = std::get_if<dialect::Select>(&request.statement.node);
  if (select == nullptr || MakesTable(*select)) return std::nullopt;
  return engine::BeginSelect(*catalog_, *storage_, request, *select);
}

Status Engine::Reject(const Status& parse_error, const Context& context, StatementSink& sink) {
  if (sink.Begin(CompleteContext(context, *catalog_))) {
    sink.Message(MessageType::kError, errors::ParseErrorText(parse_error));
  }
  sink.End();
  return parse_error;
}

void Engine::AnswerBlank(const Context& context, StatementSink& sink) {
  if (sink.Begin(CompleteContext(context, *catalog_))) {
    sink.Message(MessageType::kInfo, errors::SuccessText());
  }
  sink.End();
}

std::int64_t Engine::SchemaVersion() const { return catalog_->Read()->version(); }

std::size_t Engine::TableCount() const {
  const Catalog::Reader catalog = catalog_->Read();
  std::size_t count = 0;
  for (const auto& [database_id, database] : catalog->databases()) {
    for (const auto& [schema_id, schema] : database.schemas) {
      for ([[maybe_unused]] const auto& table : schema.tables) ++count;
    }
  }
  return count;
}

std::vector<std::string> Engine::Names() const {
  std::set<std::string> names;
  {
    const Catalog::Reader catalog = catalog_->Read();
    for (const auto& [database_id, database] : catalog->databases()) {
      names.insert(database.def.name);
      for (const auto& [schema_id, schema] : database.schemas) {
        names.insert(schema.def.name);
        for (const auto& [id, table] : schema.tables) {
          names.insert(table->name);
          for (const plan::ColumnDef& column : table->columns) names.insert(column.name);
        }
      }
    }
  }
  std::vector<std::string> list;
  list.reserve(names.size());
  // Moves the names out of the set, because a large catalog has hundreds of thousands.
  while (!names.empty()) list.push_back(std::move(names.extract(names.begin()).value()));
  return list;
}

}  // namespace tql::engine

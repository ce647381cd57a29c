// The execution of statements: an overload of Execute() for each kind, grouped by source file.
//
// Execute() writes the result of a statement, up to the success message or a question. An error is
// not written: it returns the reason, with which Engine::Execute() ends the result.
#ifndef TQLKIT_MOCKSERVER_ENGINE_EXECUTE_H_
#define TQLKIT_MOCKSERVER_ENGINE_EXECUTE_H_

#include <span>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/statement_context.h"
#include "mockserver/engine/statement_plans.h"

namespace tql::engine {

// exec_alter.cc
Status Execute(const StatementContext& statement, const dialect::AlterTable& node);

// exec_compact.cc
Status Execute(const StatementContext& statement, const dialect::Compact& node);

// exec_create.cc
Status Execute(const StatementContext& statement, const dialect::CreateDatabase& node);
Status Execute(const StatementContext& statement, const dialect::CreateSchema& node);
Status Execute(const StatementContext& statement, const dialect::CreateTable& node);
/// SELECT … INTO: creates a table with the result of the query. Only one target is supported.
Status SelectInto(const StatementContext& statement, const dialect::Query& node,
                  const std::vector<dialect::ObjectName>& targets);

// exec_dml.cc
Status Execute(const StatementContext& statement, const dialect::Insert& node);
/// See Engine::InsertTogether(); the outcomes have no place in the script yet.
StatusOr<std::vector<Status>> InsertTogether(Catalog& catalog, TableActivity& activity,
                                             std::span<const Engine::Request> requests, bool go_on);
Status Execute(const StatementContext& statement, const dialect::Update& node);
Status Execute(const StatementContext& statement, const dialect::Delete& node);
Status Execute(const StatementContext& statement, const dialect::TruncateTable& node);

// exec_drop.cc
Status Execute(const StatementContext& statement, const dialect::DropDatabase& node);
Status Execute(const StatementContext& statement, const dialect::DropSchema& node);
Status Execute(const StatementContext& statement, const dialect::DropTable& node);

// exec_script.cc
Status Execute(const StatementContext& statement, const dialect::Script& node);

// exec_select.cc
/// Whether the statement is a SELECT … INTO, which creates a table and returns no rows.
bool MakesTable(const dialect::Select& node);
/// What BeginSelect() is asked for besides the rows.
struct SelectWishes {
  bool basis = false;     // because the result is worth keeping
  bool compiled = false;  // because the statement is worth compiling
  /// Help with aggregates; null: the statement has its own thread only.
  ScanThreads* threads = nullptr;
};
/// Begins a SELECT without INTO. Returns RESOURCE_EXHAUSTED if the storage has no capacity for it.
StatusOr<BegunSelect> BeginSelect(Catalog& catalog, storage::Storage& storage,
                                  const Engine::Request& request, const dialect::Select& node,
                                  const SelectWishes& wishes = {});
/// Begins a SELECT by its compiled plan, in one attempt: ABORTED if it has to be bound again.
/// `keep`: the result is worth keeping.
StatusOr<BegunSelect> BeginCompiled(storage::Storage& storage, const CompiledSelect& compiled,
                                    std::span<const values::Datum> values,
                                    const storage::Cancellation& cancellation, bool keep);
Status Execute(const StatementContext& statement, const dialect::Select& node);

// exec_show.cc
Status Execute(const StatementContext& statement, const dialect::ShowDatabases& node);
Status Execute(const StatementContext& statement, const dialect::ShowSchemas& node);
Status Execute(const StatementContext& statement, const dialect::ShowTables& node);
Status Execute(const StatementContext& statement, const dialect::ShowTable& node);
Status Execute(const StatementContext& statement, const dialect::ShowViews& node);
Status Execute(const StatementContext& statement, const dialect::ShowView& node);
Status Execute(const StatementContext& statement, const dialect::Use& node);
Status Execute(const StatementContext& statement, const dialect::Help& node);
Status Execute(const StatementContext& statement, const dialect::Exit& node);

// exec_statistics.cc
Status Execute(const StatementContext& statement, const dialect::ShowStatistics& node);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_EXECUTE_H_

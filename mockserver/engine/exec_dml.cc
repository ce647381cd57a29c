// INSERT, UPDATE, DELETE, TRUNCATE TABLE. Each begins its transaction before it resolves names, so
// that definitions cannot change in between.
#include <utility>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/execute.h"
#include "proto/base/status_macros.h"

namespace tql::engine {

Status InsertGroup::Commit() {
  const std::unique_ptr<storage::Transaction> transaction = std::move(transaction_);
  const std::map<plan::Id, std::int64_t> changes = std::exchange(changes_, {});
  if (!transaction) return Status();
  TQL_RETURN_IF_ERROR(transaction->Commit());
  if (!changes.empty()) activity_->Changed(changes);
  return Status();
}

Status Execute(const StatementContext& statement, const dialect::Insert& node) {
  const Engine::Request& request = statement.request;
  InsertGroup alone;
  InsertGroup& group = request.group != nullptr ? *request.group : alone;
  if (!group.transaction_) {
    TQL_ASSIGN_OR_RETURN(group.transaction_, statement.storage.Begin(request.cancellation));
  }
  plan::Insert insert;
  {
    const Catalog::Reader catalog = statement.catalog.Read();
    TQL_ASSIGN_OR_RETURN(insert, BindInsert({*catalog, request.context, request.text}, node));
  }
  TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                       group.transaction_->Insert(insert, request.cancellation));
  group.activity_ = &statement.activity;
  if (rows > 0) ++group.changes_[insert.table->id];
  TQL_RETURN_IF_ERROR(alone.Commit());  // Has no effect if the INSERT has joined a group.
  return statement.writer.Finish();
}

Status Execute(const StatementContext& statement, const dialect::Update& node) {
  const Engine::Request& request = statement.request;
  TQL_ASSIGN_OR_RETURN(const auto transaction, statement.storage.Begin(request.cancellation));
  plan::Update update;
  {
    const Catalog::Reader catalog = statement.catalog.Read();
    TQL_ASSIGN_OR_RETURN(update, BindUpdate({*catalog, request.context, request.text}, node));
  }
  TQL_ASSIGN_OR_RETURN(const std::int64_t rows, transaction->Update(update, request.cancellation));
  TQL_RETURN_IF_ERROR(transaction->Commit());
  if (rows > 0) statement.activity.Changed(update.table->id);
  return statement.writer.Finish();
}

Status Execute(const StatementContext& statement, const dialect::Delete& node) {
  const Engine::Request& request = statement.request;
  TQL_ASSIGN_OR_RETURN(const auto transaction, statement.storage.Begin(request.cancellation));
  plan::Delete del;
  {
    const Catalog::Reader catalog = statement.catalog.Read();
    TQL_ASSIGN_OR_RETURN(del, BindDelete({*catalog, request.context, request.text}, node));
  }
  TQL_ASSIGN_OR_RETURN(const std::int64_t rows, transaction->Delete(del, request.cancellation));
  TQL_RETURN_IF_ERROR(transaction->Commit());
  if (rows > 0) statement.activity.Changed(del.table->id);
  return statement.writer.Finish();
}

/// Keeps the schema version, because no definition changes.
Status Execute(const StatementContext& statement, const dialect::TruncateTable& node) {
  const Engine::Request& request = statement.request;
  TQL_ASSIGN_OR_RETURN(const auto transaction, statement.storage.Begin(request.cancellation));
  const StatusOr<plan::TablePtr> table =
      statement.catalog.Read()->ResolveTable(node.table, request.context);
  if (!table.ok()) return statement.At(table.status(), node.table.range);
  TQL_RETURN_IF_ERROR(transaction->Truncate((*table)->id));
  TQL_RETURN_IF_ERROR(transaction->Commit());
  statement.activity.Changed((*table)->id);
  return statement.writer.Finish();
}

}  // namespace tql::engine

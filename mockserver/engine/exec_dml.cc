// INSERT, UPDATE, DELETE, TRUNCATE TABLE. Each begins its transaction before it resolves names, so
// that definitions cannot change in between.
#include <map>
#include <span>
#include <utility>
#include <vector>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/execute.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using storage::Intent;
using TransactionPtr = Catalog::TransactionPtr;

/// Whether an INSERT with this status leaves the transaction as if it had not run. After other
/// errors the storage may have rolled the transaction back.
bool LeavesTransaction(StatusCode code) {
  return code == StatusCode::kInvalidArgument || code == StatusCode::kOutOfRange;
}

/// Binds INSERTs that follow each other. Those of one head share their table and columns.
class InsertBinder {
 public:
  explicit InsertBinder(const CatalogState& catalog) : catalog_(catalog) {}

  /// The INSERT is valid until the next call.
  StatusOr<const plan::Insert*> Bind(const Engine::Request& request) {
    const BindInput input{catalog_, request.context, request.text};
    const auto& node = std::get<dialect::Insert>(request.statement.node);
    if (request.rows == nullptr) {
      head_ = nullptr;
      TQL_ASSIGN_OR_RETURN(bound_, BindInsert(input, node));
      return &bound_;
    }
    if (std::exchange(head_, nullptr) != &request.statement) {
      TQL_ASSIGN_OR_RETURN(bound_, BindInsertTarget(input, node));
    }
    TQL_RETURN_IF_ERROR(BindInsertRows(input, *request.rows, bound_));
    head_ = &request.statement;
    return &bound_;
  }

 private:
  const CatalogState& catalog_;
  const dialect::Statement* head_ = nullptr;  // whose table and columns bound_ has; null: none
  plan::Insert bound_;
};

}  // namespace

Status Execute(const StatementContext& statement, const dialect::Insert& /*node*/) {
  const Engine::Request& request = statement.request;
  return statement.InTransaction(
      Intent::kRows, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        InsertBinder binder(catalog);
        TQL_ASSIGN_OR_RETURN(const plan::Insert* insert, binder.Bind(request));
        TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                             transaction->Insert(*insert, request.cancellation));
        TQL_RETURN_IF_ERROR(transaction->Commit());
        if (rows > 0) statement.activity.Changed(insert->table->id);
        return statement.writer.Finish();
      });
}

StatusOr<std::vector<Status>> InsertTogether(Catalog& catalog, TableActivity& activity,
                                             std::span<const Engine::Request> requests,
                                             bool go_on) {
  std::vector<Status> outcomes;
  std::map<plan::Id, std::int64_t> changes;  // INSERTs per table.
  const auto insert = [&](storage::Transaction& transaction, InsertBinder& binder,
                          const Engine::Request& request) -> Status {
    const StatusOr<const plan::Insert*> bound = binder.Bind(request);
    if (!bound.ok()) {
      outcomes.push_back(bound.status());
      return Status();
    }
    const StatusOr<std::int64_t> rows = transaction.Insert(**bound, request.cancellation);
    if (!rows.ok() && !LeavesTransaction(rows.status().code())) return rows.status();
    if (rows.ok() && *rows > 0) ++changes[(*bound)->table->id];
    outcomes.push_back(rows.status());
    return Status();
  };
  const auto insert_all = [&](TransactionPtr& transaction, const CatalogState& state) -> Status {
    outcomes.clear();
    changes.clear();
    InsertBinder binder(state);
    for (const Engine::Request& request : requests) {
      TQL_RETURN_IF_ERROR(insert(*transaction, binder, request));
      if (!go_on && !outcomes.back().ok()) break;
    }
    return transaction->Commit();
  };
  const Status stored =
      catalog.InTransaction(Intent::kRows, requests.front().cancellation, insert_all);
  if (stored.code() == StatusCode::kUnknown) {
    for (Status& outcome : outcomes) outcome = outcome.ok() ? stored : outcome;
  } else if (!stored.ok()) {
    return stored;
  } else if (!changes.empty()) {
    activity.Changed(changes);
  }
  return outcomes;
}

Status Execute(const StatementContext& statement, const dialect::Update& node) {
  const Engine::Request& request = statement.request;
  return statement.InTransaction(
      Intent::kRows, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        TQL_ASSIGN_OR_RETURN(const plan::Update update,
                             BindUpdate({catalog, request.context, request.text}, node));
        TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                             transaction->Update(update, request.cancellation));
        TQL_RETURN_IF_ERROR(transaction->Commit());
        if (rows > 0) statement.activity.Changed(update.table->id);
        return statement.writer.Finish();
      });
}

Status Execute(const StatementContext& statement, const dialect::Delete& node) {
  const Engine::Request& request = statement.request;
  return statement.InTransaction(
      Intent::kRows, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        TQL_ASSIGN_OR_RETURN(const plan::Delete del,
                             BindDelete({catalog, request.context, request.text}, node));
        TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                             transaction->Delete(del, request.cancellation));
        TQL_RETURN_IF_ERROR(transaction->Commit());
        if (rows > 0) statement.activity.Changed(del.table->id);
        return statement.writer.Finish();
      });
}

/// Keeps the schema version, because no definition changes.
Status Execute(const StatementContext& statement, const dialect::TruncateTable& node) {
  return statement.InTransaction(
      Intent::kRows, [&](TransactionPtr& transaction, const CatalogState& catalog) -> Status {
        const StatusOr<plan::TablePtr> table =
            catalog.ResolveTable(node.table, statement.request.context);
        if (!table.ok()) return statement.At(table.status(), node.table.range);
        TQL_RETURN_IF_ERROR(transaction->Truncate((*table)->id));
        TQL_RETURN_IF_ERROR(transaction->Commit());
        statement.activity.Changed((*table)->id);
        return statement.writer.Finish();
      });
}

}  // namespace tql::engine

// INSERT, UPDATE, DELETE. The transaction is open before names are bound, so that no definition
// changes between.
#include <utility>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {

Status InsertGroup::Commit() {
  const std::unique_ptr<storage::Transaction> transaction = std::move(transaction_);
  const std::map<plan::Id, std::int64_t> changes = std::exchange(changes_, {});
  if (!transaction) return Status();
  TQL_RETURN_IF_ERROR(transaction->Commit());
  if (!changes.empty()) activity_->Changed(changes);
  return Status();
}

Status Executor::Execute(const dialect::Insert& node) {
  InsertGroup alone;
  InsertGroup& group = request_.group != nullptr ? *request_.group : alone;
  if (!group.transaction_) {
    TQL_ASSIGN_OR_RETURN(group.transaction_, storage_.Begin(request_.cancellation));
  }
  plan::Insert insert;
  {
    const Catalog::Reader catalog = catalog_.Read();
    TQL_ASSIGN_OR_RETURN(insert, BindInsert({*catalog, request_.context, request_.text}, node));
  }
  TQL_ASSIGN_OR_RETURN(const std::int64_t rows,
                       group.transaction_->Insert(insert, request_.cancellation));
  group.activity_ = &activity_;
  if (rows > 0) ++group.changes_[insert.table->id];
  TQL_RETURN_IF_ERROR(alone.Commit());
  return Finish();
}

Status Executor::Execute(const dialect::Update& node) {
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  plan::Update update;
  {
    const Catalog::Reader catalog = catalog_.Read();
    TQL_ASSIGN_OR_RETURN(update, BindUpdate({*catalog, request_.context, request_.text}, node));
  }
  TQL_ASSIGN_OR_RETURN(const std::int64_t rows, transaction->Update(update, request_.cancellation));
  TQL_RETURN_IF_ERROR(transaction->Commit());
  if (rows > 0) activity_.Changed(update.table->id);
  return Finish();
}

Status Executor::Execute(const dialect::Delete& node) {
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  plan::Delete del;
  {
    const Catalog::Reader catalog = catalog_.Read();
    TQL_ASSIGN_OR_RETURN(del, BindDelete({*catalog, request_.context, request_.text}, node));
  }
  TQL_ASSIGN_OR_RETURN(const std::int64_t rows, transaction->Delete(del, request_.cancellation));
  TQL_RETURN_IF_ERROR(transaction->Commit());
  if (rows > 0) activity_.Changed(del.table->id);
  return Finish();
}

}  // namespace tql::engine

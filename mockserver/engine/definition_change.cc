#include "mockserver/engine/definition_change.h"

#include "mockserver/engine/errors.h"
#include "mockserver/engine/questions.h"
#include "proto/base/status_macros.h"

namespace tql::engine {

Status CommitDefinitions(const StatementContext& statement, storage::Transaction& transaction,
                         plan::Id last_id, const std::function<void(CatalogState&)>& change) {
  // The transaction has the writer's turn, so no other change can take this version.
  const std::int64_t version = statement.catalog.Read()->version() + 1;
  TQL_RETURN_IF_ERROR(transaction.PutVersion(version, last_id));
  return statement.catalog.Change(transaction, [&](CatalogState& state) {
    change(state);
    state.SetVersion(version, last_id);
  });
}

StatusOr<bool> MayBreak(const StatementContext& statement, const std::vector<Dependent>& dependents,
                        Catalog::TransactionPtr& transaction) {
  const StatementOptions& options = statement.request.options;
  if (dependents.empty() || options.allow_unsafe) return true;
  if (!options.interactive) return errors::HasDependents(dependents);
  const Question question = BreakDependentsQuestion(statement.request.text, dependents);
  const Reply reply = ReplyTo(question.id, options.answers);
  if (reply == Reply::kYes) return true;
  transaction.reset();
  TQL_RETURN_IF_ERROR(reply == Reply::kMissing
                          ? statement.writer.Ask(question)
                          : statement.writer.WriteInfo(errors::NothingDoneText()));
  return false;
}

}  // namespace tql::engine

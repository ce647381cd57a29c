// Shared by the statements that change definitions: CREATE, DROP and ALTER.
#ifndef TQLKIT_MOCKSERVER_ENGINE_DEFINITION_CHANGE_H_
#define TQLKIT_MOCKSERVER_ENGINE_DEFINITION_CHANGE_H_

#include <functional>
#include <memory>
#include <vector>

#include "mockserver/engine/statement_context.h"

namespace tql::engine {

/// Commits the transaction and the same change of the catalog, with the next schema version.
/// `last_id` is the highest id in use after the change.
Status CommitDefinitions(const StatementContext& statement, storage::Transaction& transaction,
                         plan::Id last_id, const std::function<void(CatalogState&)>& change);

/// Returns whether a change that breaks these foreign keys and relationships may proceed: there are
/// none, allow_unsafe is set, or the client has agreed. If it returns false, the result is
/// complete: it is the question, or the message that nothing was done. Returns an error if the
/// client must be asked in a session that is not interactive. Rolls the transaction back before it
/// writes, so that no other transaction waits for a client that does not read.
StatusOr<bool> MayBreak(const StatementContext& statement, const std::vector<Dependent>& dependents,
                        Catalog::TransactionPtr& transaction);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_DEFINITION_CHANGE_H_

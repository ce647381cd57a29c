// COMPACT.
#include <optional>

#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "proto/base/status_macros.h"

namespace tql::engine {

/// Merges data versions, which are counters here: the storage keeps each row in one version.
Status Execute(const StatementContext& statement, const dialect::Compact& node) {
  std::vector<plan::Id> tables;
  std::optional<Progress> progress;
  {
    const Catalog::Reader catalog = statement.catalog.Read();
    if (node.table) {
      const auto table = catalog->ResolveTable(*node.table, statement.request.context);
      if (!table.ok()) return statement.At(table.status(), node.table->range);
      tables.push_back((*table)->id);
    } else {
      TQL_ASSIGN_OR_RETURN(const CatalogState::Database* database,
                           catalog->ResolveDatabase(nullptr, statement.request.context));
      for (const auto& [schema_id, schema] : database->schemas) {
        for (const auto& [id, table] : schema.tables) tables.push_back(id);
      }
      progress = errors::CompactProgress(database->def, tables.size());
    }
  }
  if (progress) TQL_RETURN_IF_ERROR(statement.writer.WriteProgress(*progress));
  for (const plan::Id id : tables) statement.activity.Fold(id);
  if (progress) {
    progress->percentage = 100;
    TQL_RETURN_IF_ERROR(statement.writer.WriteProgress(*progress));
  }
  return statement.writer.Finish();
}

}  // namespace tql::engine

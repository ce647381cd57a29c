// SHOW STATISTICS.
#include <chrono>
#include <cstdio>
#include <string>
#include <vector>

#include "mockserver/engine/errors.h"
#include "mockserver/engine/execute.h"
#include "mockserver/engine/table_statistics.h"
#include "mockserver/engine/text_table.h"
#include "mockserver/values/number_text.h"
#include "mockserver/values/temporal.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

std::string Megabytes(double bytes) {
  char text[64];
  std::snprintf(text, sizeof(text), "%.2f", bytes / (1024 * 1024));
  return text;
}

std::string Moment(std::chrono::system_clock::time_point time) {
  char text[values::kMaxNumberText];
  const auto seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  return {text, values::FormatTemporal(values::TypeKind::kDateTime, seconds, text)};
}

/// A table with the names of its place.
struct Located {
  std::string database;
  std::string schema;
  plan::TablePtr table;
};

StatusOr<std::vector<Located>> TablesIn(const StatementContext& statement,
                                        const dialect::ShowStatistics& node) {
  std::vector<Located> tables;
  const Catalog::Reader catalog = statement.catalog.Read();
  const auto add = [&](const plan::TablePtr& table) {
    const CatalogState::Schema& schema = *catalog->FindSchema(table->schema_id);
    tables.push_back(
        {catalog->databases().at(schema.def.database_id).def.name, schema.def.name, table});
  };
  const auto add_all = [&](const CatalogState::Database& database) {
    for (const auto& [schema_id, schema] : database.schemas) {
      for (const auto& [id, table] : schema.tables) add(table);
    }
  };
  if (node.scope == dialect::Scope::kTable) {
    const auto table = catalog->ResolveTable(node.name, statement.request.context);
    if (!table.ok()) return statement.At(table.status(), node.name.range);
    add(*table);
  } else if (node.scope == dialect::Scope::kDatabase) {
    const auto database = catalog->ResolveDatabase(&node.name.last(), statement.request.context);
    if (!database.ok()) return statement.At(database.status(), node.name.range);
    add_all(**database);
  } else {
    for (const auto& [id, database] : catalog->databases()) add_all(database);
  }
  return tables;
}

}  // namespace

Status Execute(const StatementContext& statement, const dialect::ShowStatistics& node) {
  TextTable list({"Database Name", "Schema Name", "Table Name", "Table Guid", "Status",
                  "Serving Timestamp", "Total Row Count", "Row Count Skew", "Estimated Size (MB)",
                  "Estimated Size Skew (MB)", "Total Shards", "Cluster Space Used (MB)",
                  "Last Updated Timestamp"});
  TQL_ASSIGN_OR_RETURN(const std::vector<Located> tables, TablesIn(statement, node));
  // Counting takes long, so each table is measured as it is when its turn comes.
  for (const Located& located : tables) {
    struct Measured {
      plan::TablePtr table;  // Null if it has been dropped meanwhile.
      TableStatistics statistics;
    };
    TQL_ASSIGN_OR_RETURN(
        const Measured measured,
        statement.catalog.InOneState(
            statement.request.cancellation, [&](const CatalogState& catalog) -> StatusOr<Measured> {
              const plan::TablePtr current = catalog.FindTable(located.table->id);
              if (!current) return Measured();
              TQL_ASSIGN_OR_RETURN(
                  const TableStatistics statistics,
                  MeasureTable(statement.storage, current,
                               statement.request.options.input_row_size_fetch_max_rows,
                               statement.request.cancellation));
              return Measured{current, statistics};
            }));
    if (!measured.table) continue;
    const plan::TableDef& table = *measured.table;
    const TableStatistics& found = measured.statistics;
    const std::string size = Megabytes(static_cast<double>(found.rows) * found.bytes_per_row);
    const TableActivity::Table activity = statement.activity.Of(table.id);
    list.AddRow({located.database, located.schema, table.name, table.guid, "READY",
                 Moment(activity.served), std::to_string(found.rows),
                 std::to_string(found.row_skew), size,
                 Megabytes(static_cast<double>(found.row_skew) * found.bytes_per_row),
                 std::to_string(found.shards), size, Moment(activity.changed)});
  }
  return statement.writer.Print(list);
}

}  // namespace tql::engine

#include "mockserver/engine/builtins.h"

#include <span>

#include "mockserver/engine/catalog.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using values::TypeKind;

constexpr std::string_view kInternal = "thoughtspot_internal";
constexpr std::string_view kStats = "thoughtspot_internal_stats";

struct BuiltInColumn {
  std::string_view name;
  TypeKind type;
};

constexpr BuiltInColumn kCalendar[] = {
    {"date", TypeKind::kDate},
    {"day_of_week", TypeKind::kVarchar},
    {"month", TypeKind::kVarchar},
    {"quarter", TypeKind::kVarchar},
    {"year", TypeKind::kVarchar},
    {"day_number_of_week", TypeKind::kBigInt},
    {"week_number_of_month", TypeKind::kBigInt},
    {"week_number_of_quarter", TypeKind::kBigInt},
    {"week_number_of_year", TypeKind::kBigInt},
    {"is_weekend", TypeKind::kBool},
    {"monthly", TypeKind::kVarchar},
    {"quarterly", TypeKind::kVarchar},
    {"day_number_of_month", TypeKind::kBigInt},
    {"day_number_of_quarter", TypeKind::kBigInt},
    {"day_number_of_year", TypeKind::kBigInt},
    {"month_number_of_quarter", TypeKind::kBigInt},
    {"month_number_of_year", TypeKind::kBigInt},
    {"quarter_number_of_year", TypeKind::kBigInt},
    {"absolute_week_number", TypeKind::kBigInt},
    {"start_of_week_epoch", TypeKind::kDate},
    {"end_of_week_epoch", TypeKind::kDate},
    {"absolute_month_number", TypeKind::kBigInt},
    {"start_of_month_epoch", TypeKind::kDate},
    {"end_of_month_epoch", TypeKind::kDate},
    {"absolute_quarter_number", TypeKind::kBigInt},
    {"start_of_quarter_epoch", TypeKind::kDate},
    {"end_of_quarter_epoch", TypeKind::kDate},
    {"absolute_year_number", TypeKind::kBigInt},
    {"start_of_year_epoch", TypeKind::kDate},
    {"end_of_year_epoch", TypeKind::kDate},
};
constexpr BuiltInColumn kQueryStats[] = {
    {"timestamp", TypeKind::kDateTime}, {"user", TypeKind::kVarchar}, {"query", TypeKind::kVarchar},
    {"latency_us", TypeKind::kBigInt},  {"rows", TypeKind::kBigInt},
};
constexpr BuiltInColumn kLoadStats[] = {
    {"timestamp", TypeKind::kDateTime}, {"table_name", TypeKind::kVarchar},
    {"rows", TypeKind::kBigInt},        {"bytes", TypeKind::kBigInt},
    {"latency_us", TypeKind::kBigInt},
};
constexpr BuiltInColumn kWorkerStats[] = {
    {"timestamp", TypeKind::kDateTime},
    {"worker", TypeKind::kVarchar},
    {"memory_bytes", TypeKind::kBigInt},
};

struct BuiltInTable {
  std::string_view database;
  std::string_view name;
  std::span<const BuiltInColumn> columns;
  plan::TableKind kind;
  bool key;    // Whether the first column is the primary key.
  bool hints;  // Whether its date-like columns have parsing hints.
};
const BuiltInTable kTables[] = {
    {kInternal, "calendar", kCalendar, plan::TableKind::kDimension, true, false},
    {kInternal, "fiscal", kCalendar, plan::TableKind::kDimension, true, false},
    {kStats, "query_stats", kQueryStats, plan::TableKind::kUnmarked, false, true},
    {kStats, "data_load_stats", kLoadStats, plan::TableKind::kUnmarked, false, true},
    {kStats, "stats_falcon_worker", kWorkerStats, plan::TableKind::kUnmarked, false, true},
};

plan::TableDef MakeTable(const BuiltInTable& table, plan::Id schema, GuidSource& guids,
                         plan::Id& last_id) {
  plan::TableDef def;
  def.id = ++last_id;
  def.schema_id = schema;
  def.name = table.name;
  def.guid = guids.NewGuid(def.id);
  def.kind = table.kind;
  for (const BuiltInColumn& column : table.columns) {
    plan::ColumnDef& out = def.columns.emplace_back();
    out.id = ++last_id;
    out.name = column.name;
    out.guid = guids.NewGuid(out.id);
    out.type.kind = column.type;
    out.shows_default_hint = table.hints;
  }
  if (table.key) def.primary_key = {0};
  return def;
}

}  // namespace

bool IsBuiltIn(std::string_view database) { return database == kInternal || database == kStats; }

StatusOr<storage::CatalogRecords> CreateBuiltIns(storage::Storage& storage, GuidSource& guids) {
  TQL_ASSIGN_OR_RETURN(const auto transaction,
                       storage.Begin(storage::Intent::kSchema, storage::Cancellation()));
  TQL_ASSIGN_OR_RETURN(storage::CatalogRecords records, storage.Load());
  if (records.last_id != 0) return records;
  for (const std::string_view name : {kInternal, kStats}) {
    plan::DatabaseDef database{++records.last_id, std::string(name), {}};
    database.guid = guids.NewGuid(database.id);
    plan::SchemaDef schema{++records.last_id, database.id, std::string(kDefaultSchema), {}};
    schema.guid = guids.NewGuid(schema.id);
    TQL_RETURN_IF_ERROR(transaction->PutDatabase(database));
    TQL_RETURN_IF_ERROR(transaction->PutSchema(schema));
    for (const BuiltInTable& table : kTables) {
      if (table.database != name) continue;
      plan::TableDef def = MakeTable(table, schema.id, guids, records.last_id);
      TQL_RETURN_IF_ERROR(transaction->CreateTable(def));
      records.tables.push_back(std::move(def));
    }
    records.databases.push_back(std::move(database));
    records.schemas.push_back(std::move(schema));
  }
  TQL_RETURN_IF_ERROR(transaction->PutVersion(records.schema_version, records.last_id));
  TQL_RETURN_IF_ERROR(transaction->Commit());
  return records;
}

}  // namespace tql::engine

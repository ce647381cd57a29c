// CREATE TABLE.
#include <algorithm>
#include <limits>

#include "mockserver/dialect/printer.h"
#include "mockserver/engine/binder.h"
#include "mockserver/engine/builtins.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {
namespace {

using errors::Thing;

constexpr std::size_t kMaxColumns = 2000;
/// HASH without a number.
constexpr std::int32_t kDefaultShards = 32;

/// Makes the definition from the statement, against one state of the catalog.
class TableBuilder {
 public:
  TableBuilder(const CatalogState& catalog, const Engine::Request& request, GuidSource& guids,
               plan::TableDef& table, plan::Id& last_id)
      : catalog_(catalog), request_(request), guids_(guids), table_(table), last_id_(last_id) {}

  Status Build(const dialect::CreateTable& node) {
    table_.kind = node.mark == dialect::TableMark::kFact        ? plan::TableKind::kFact
                  : node.mark == dialect::TableMark::kDimension ? plan::TableKind::kDimension
                                                                : plan::TableKind::kUnmarked;
    TQL_RETURN_IF_ERROR(AddColumns(node));
    // The key first: a foreign key may refer to the table itself, wherever it is written.
    for (const dialect::TableConstraint& constraint : node.constraints) {
      if (const auto* key = std::get_if<dialect::PrimaryKey>(&constraint.node)) {
        if (!table_.primary_key.empty()) {
          return At(errors::SeveralPrimaryKeys(), constraint.range);
        }
        TQL_ASSIGN_OR_RETURN(table_.primary_key, Positions(key->columns, table_));
      }
    }
    for (const dialect::TableConstraint& constraint : node.constraints) {
      TQL_RETURN_IF_ERROR(AddConstraint(constraint));
    }
    if (node.partition) return AddPartition(*node.partition);
    return Status();
  }

 private:
  Status At(const Status& reason, const dialect::SourceRange& range) const {
    return errors::At(reason, request_.text, range.begin);
  }

  Status AddColumns(const dialect::CreateTable& node) {
    if (node.columns.empty()) return At(errors::NoColumns(), node.table.range);
    if (node.columns.size() > kMaxColumns) {
      return At(errors::TooManyColumns(kMaxColumns), node.table.range);
    }
    for (const dialect::ColumnDef& written : node.columns) {
      if (written.name.text.empty()) return At(errors::EmptyName(Thing::kColumn), written.range);
      if (names_.FindExact(written.name.text) != nullptr) {
        return At(errors::Exists(Thing::kColumn, written.name.text), written.range);
      }
      plan::ColumnDef column;
      column.id = ++last_id_;
      column.name = written.name.text;
      column.guid = guids_.NewGuid();
      StatusOr<plan::Type> type = ToPlanType(written.type);
      if (!type.ok()) return At(type.status(), written.type.range);
      column.type = *type;
      if (written.hint) column.parsing_hint = written.hint->text;
      column.not_null = written.nullability == dialect::Nullability::kNotNull;
      if (written.default_value) {
        StatusOr<std::string> text = DefaultText(*written.default_value, column);
        if (!text.ok()) {
          return At(errors::BadDefault(column.name, text.status()), written.default_value->range);
        }
        column.default_text = *std::move(text);
      }
      names_.Add(column.name, static_cast<std::int32_t>(table_.columns.size()));
      table_.columns.push_back(std::move(column));
    }
    return Status();
  }

  /// The positions of the columns, each named once.
  StatusOr<std::vector<std::int32_t>> Positions(const std::vector<dialect::Name>& names,
                                                const plan::TableDef& table) const {
    NameIndex<std::int32_t> other;
    if (&table != &table_) {
      for (std::size_t i = 0; i < table.columns.size(); ++i) {
        other.Add(table.columns[i].name, static_cast<std::int32_t>(i));
      }
    }
    const NameIndex<std::int32_t>& index = &table == &table_ ? names_ : other;
    std::vector<std::int32_t> positions;
    std::vector<bool> seen(table.columns.size());
    for (const dialect::Name& name : names) {
      const auto found = index.Find(name.text);
      if (found.ambiguous) return At(errors::Ambiguous(Thing::kColumn, name.text), name.range);
      if (found.value == nullptr) {
        return At(errors::NotFound(Thing::kColumn, name.text), name.range);
      }
      if (seen[static_cast<std::size_t>(*found.value)]) {
        return At(errors::DefaultedTwice(name.text), name.range);
      }
      seen[static_cast<std::size_t>(*found.value)] = true;
      positions.push_back(*found.value);
    }
    return positions;
  }

  StatusOr<plan::TablePtr> Target(const dialect::ObjectName& name) const {
    // The table itself is not in the catalog yet.
    StatusOr<CatalogState::Place> place = catalog_.ResolvePlace(name, request_.context);
    if (place.ok() && name.last().text == table_.name &&
        (place->schema == nullptr || place->schema->def.id == table_.schema_id)) {
      return std::make_shared<const plan::TableDef>(table_);
    }
    StatusOr<plan::TablePtr> table = catalog_.ResolveTable(name, request_.context);
    if (!table.ok()) return At(table.status(), name.range);
    return table;
  }

  Status AddConstraint(const dialect::TableConstraint& constraint) {
    const std::string name = constraint.name ? constraint.name->text : std::string();
    if (std::holds_alternative<dialect::PrimaryKey>(constraint.node)) return Status();
    if (!name.empty()) {
      if (constraints_.FindExact(name) != nullptr) {
        return At(errors::Exists(Thing::kConstraint, name), constraint.range);
      }
      constraints_.Add(name, 0);
    }
    if (const auto* key = std::get_if<dialect::ForeignKey>(&constraint.node)) {
      return AddForeignKey(name, *key, constraint.range);
    }
    const auto& relationship = std::get<dialect::Relationship>(constraint.node);
    TQL_ASSIGN_OR_RETURN(const plan::TablePtr target, Target(relationship.target));
    relationships_.push_back({target, &relationship.condition});
    table_.relationships.push_back(
        {++last_id_, name, target->id, dialect::Print(relationship.condition)});
    return Status();
  }

  Status AddForeignKey(const std::string& name, const dialect::ForeignKey& key,
                       const dialect::SourceRange& range) {
    plan::ForeignKeyDef def{++last_id_, name, {}, 0, {}};
    TQL_ASSIGN_OR_RETURN(def.columns, Positions(key.columns, table_));
    TQL_ASSIGN_OR_RETURN(const plan::TablePtr target, Target(key.target));
    def.target_table = target->id;
    TQL_ASSIGN_OR_RETURN(def.target_columns, Positions(key.target_columns, *target));
    if (target->primary_key.empty()) {
      return At(errors::ForeignKeyNeedsPrimaryKey(target->name), range);
    }
    const bool same_types =
        def.columns.size() == def.target_columns.size() &&
        std::equal(def.columns.begin(), def.columns.end(), def.target_columns.begin(),
                   [&](std::int32_t a, std::int32_t b) {
                     return table_.columns[static_cast<std::size_t>(a)].type.kind ==
                            target->columns[static_cast<std::size_t>(b)].type.kind;
                   });
    if (!same_types || def.target_columns != target->primary_key) {
      return At(errors::ForeignKeyMismatch(target->name), range);
    }
    table_.foreign_keys.push_back(std::move(def));
    return Status();
  }

  /// HASH(1) is replicated. With a primary key, the shard key is mandatory and part of it, unless
  /// the client has allowed what is unsafe.
  Status AddPartition(const dialect::Partition& written) {
    const std::int64_t shards = written.shards.value_or(kDefaultShards);
    if (shards < 1 || shards > std::numeric_limits<std::int32_t>::max()) {
      return At(errors::BadShardCount(), written.range);
    }
    plan::Partition partition{static_cast<std::int32_t>(shards), {}};
    TQL_ASSIGN_OR_RETURN(partition.key, Positions(written.keys, table_));
    if (shards == 1) return Status();
    const auto& key = table_.primary_key;
    if (!key.empty() && !request_.options.allow_unsafe) {
      if (partition.key.empty()) return At(errors::ShardKeyMissing(), written.range);
      for (const std::int32_t column : partition.key) {
        if (std::find(key.begin(), key.end(), column) != key.end()) continue;
        const std::string& name = table_.columns[static_cast<std::size_t>(column)].name;
        return At(errors::ShardKeyNotInPrimaryKey(name), written.range);
      }
    }
    table_.partition = std::move(partition);
    return Status();
  }

 public:
  /// The tables and conditions of the relationships, to be checked once the table is known.
  struct Condition {
    plan::TablePtr target;
    const dialect::Expr* condition;
  };
  const std::vector<Condition>& relationships() const { return relationships_; }

 private:
  const CatalogState& catalog_;
  const Engine::Request& request_;
  GuidSource& guids_;
  plan::TableDef& table_;
  plan::Id& last_id_;
  NameIndex<std::int32_t> names_;
  NameIndex<int> constraints_;
  std::vector<Condition> relationships_;
};

}  // namespace

Status Executor::Execute(const dialect::CreateTable& node) {
  const dialect::Name& name = node.table.last();
  if (name.text.empty()) return At(errors::EmptyName(Thing::kTable), name.range);
  TQL_ASSIGN_OR_RETURN(const auto transaction, storage_.Begin(request_.cancellation));
  std::optional<plan::SchemaDef> new_schema;
  plan::TableDef table;
  plan::Id last_id = 0;
  {
    const Catalog::Reader catalog = catalog_.Read();
    StatusOr<CatalogState::Place> place = catalog->ResolvePlace(node.table, request_.context);
    if (!place.ok()) return At(place.status(), node.table.range);
    const std::string& database = place->database->def.name;
    if (IsBuiltIn(database)) return At(errors::BuiltIn(database), node.table.range);
    last_id = catalog->last_id();
    if (place->schema == nullptr) {
      new_schema = plan::SchemaDef{++last_id, place->database->def.id, std::string(kDefaultSchema),
                                   guids_.NewGuid()};
    } else if (place->schema->table_names.FindExact(name.text) != nullptr) {
      return At(errors::Exists(Thing::kTable, name.text), name.range);
    }
    table.id = ++last_id;
    table.schema_id = new_schema ? new_schema->id : place->schema->def.id;
    table.name = name.text;
    table.guid = guids_.NewGuid();
    TableBuilder builder(*catalog, request_, guids_, table, last_id);
    TQL_RETURN_IF_ERROR(builder.Build(node));
    const auto made = std::make_shared<const plan::TableDef>(table);
    const ScopeNames names{place->schema_name, database};
    for (const auto& [target, condition] : builder.relationships()) {
      TQL_RETURN_IF_ERROR(Binder(*catalog, request_.context, request_.text)
                              .CheckRelationship(*condition, made, target, names));
    }
  }
  if (new_schema) TQL_RETURN_IF_ERROR(transaction->PutSchema(*new_schema));
  TQL_RETURN_IF_ERROR(transaction->CreateTable(table));
  return Commit(*transaction, last_id, [&](CatalogState& state) {
    if (new_schema) state.AddSchema(*new_schema);
    state.AddTable(std::make_shared<const plan::TableDef>(std::move(table)));
  });
}

}  // namespace tql::engine

// Builds a table's new definition, for CREATE TABLE from nothing and for ALTER TABLE from the old
// one.
#ifndef TQLKIT_MOCKSERVER_ENGINE_TABLE_EDITOR_H_
#define TQLKIT_MOCKSERVER_ENGINE_TABLE_EDITOR_H_

#include <map>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/catalog.h"
#include "mockserver/engine/engine.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/name_index.h"
#include "mockserver/plan/alteration.h"

namespace tql::engine {

/// Applies the parts of a statement one by one, each on the result of the previous ones, and checks
/// the whole at the end, so that `DROP COLUMN c, DROP RELATIONSHIP r` works in any order. Errors
/// have places. The catalog must not change during editing. Not thread-safe.
class TableEditor {
 public:
  /// A `table` without columns is a new one. `names` are its schema and database.
  TableEditor(const CatalogState& catalog, const Engine::Request& request, GuidSource& guids,
              const ScopeNames& names, plan::TableDef table, plan::Id last_id);

  // table_editor.cc: shared by CREATE TABLE and ALTER TABLE.
  Status AddColumn(const dialect::ColumnDef& written);
  /// Assigns the id and guid of the column.
  Status AddColumn(plan::ColumnDef column, const dialect::SourceRange& range);
  /// A foreign key whose target does not exist or does not match is an error in ALTER TABLE; a new
  /// table is created without it.
  Status AddConstraint(const dialect::TableConstraint& constraint);
  Status SetPartition(const dialect::Partition& written);
  void SetKind(plan::TableKind kind) { table_.kind = kind; }

  // table_changes.cc: ALTER TABLE only.
  /// Reserves a new column name. It must not exist and must not be used by another action.
  Status ClaimNew(const dialect::Name& name);
  Status DropColumn(const dialect::Name& name);
  Status RenameColumn(const dialect::RenameColumn& node);
  Status ModifyColumn(const dialect::ModifyColumn& node);
  Status DropPrimaryKey();
  Status DropConstraint(const dialect::Name& name);
  Status DropForeignKeys(const std::optional<dialect::Name>& name);
  Status DropRelationships(const dialect::DropRelationship& node);
  void SetDimension();
  Status SetLoadPriority(std::int64_t priority);

  struct Result {
    plan::TablePtr table;
    std::vector<plan::Alteration::Source> sources;  // One for each column.
    std::vector<dialect::SourceRange> ranges;       // The action on each column.
    std::vector<Dependent> broken;  // Foreign keys and relationships that became invalid.
    /// Foreign keys that the new table is created without: name (may be empty) and reason.
    std::vector<std::pair<std::string, Status>> left_out;
    plan::Id last_id = 0;
    bool columns_changed = false;
    /// The position of each column of the original table, and the action that determined it.
    struct OldColumn {
      std::int32_t position = -1;  // -1: dropped.
      dialect::SourceRange range;
    };
    std::vector<OldColumn> old_columns;
  };
  /// Checks and returns the new definition. May be called once.
  StatusOr<Result> Finish();

  /// Adapts `owner`'s relationships with the altered table; `owner` may be a copy of that table.
  /// Relationships that became invalid are removed from `owner` and appended to `broken`. Returns
  /// whether anything changed. Requires Finish().
  StatusOr<bool> MoveRelationships(plan::TableDef& owner, const ScopeNames& owner_names,
                                   const Result& result, std::vector<Dependent>& broken) const;
  /// Whether the foreign key matches the primary key of its target, column by column.
  static bool Fits(const plan::ForeignKeyDef& key, const plan::TableDef& from,
                   const plan::TableDef& to);
  Status At(const Status& reason, const dialect::SourceRange& range) const {
    return errors::At(reason, request_.text, range.begin);
  }

 private:
  /// Until Finish(), positions are indexes in columns_, including dropped columns.
  struct Column {
    plan::ColumnDef def;
    std::int32_t source = -1;  // Position in the old table; -1 for a new column.
    std::optional<values::ColumnConversion> conversion;
    dialect::SourceRange range;
    bool dropped = false;
  };
  struct NewRelationship {
    plan::TablePtr target;  // Null: the table itself.
    const dialect::Expr* condition;
  };

  StatusOr<std::int32_t> Find(const dialect::Name& name) const;
  StatusOr<std::vector<std::int32_t>> Positions(const std::vector<dialect::Name>& names) const;
  StatusOr<std::vector<std::int32_t>> TargetPositions(const std::vector<dialect::Name>& names,
                                                      const plan::TableDef& table) const;
  StatusOr<std::vector<std::int32_t>> PositionsIn(const std::vector<dialect::Name>& names,
                                                  const NameIndex<std::int32_t>& index) const;
  /// Returns null for the table itself.
  StatusOr<plan::TablePtr> Target(const dialect::ObjectName& name) const;
  Status AddForeignKey(const std::string& name, const dialect::ForeignKey& key,
                       const dialect::SourceRange& range);
  Status AddRelationship(const std::string& name, const dialect::Relationship& relationship,
                         const dialect::SourceRange& range);
  /// Resolves the referenced table and columns of a foreign key.
  Status FindTarget(const dialect::ForeignKey& key, plan::ForeignKeyDef& def) const;
  Status CheckCycle(plan::Id target, const std::string& constraint,
                    const dialect::SourceRange& range) const;
  Status Claim(const dialect::Name& name);
  void RemoveForeignKey(plan::Id id);
  void RemoveRelationship(plan::Id id);

  // table_finish.cc
  Status CheckDropped() const;
  Status CheckForeignKeys(Result& result, plan::TableDef& table) const;
  Status CheckShardKey(const plan::TableDef& table) const;
  Status CheckNewRelationships(const plan::TablePtr& table) const;

  const CatalogState& catalog_;
  const Engine::Request& request_;
  GuidSource& guids_;
  const ScopeNames names_;
  const plan::TablePtr before_;
  const bool is_new_;
  plan::TableDef table_;  // Its columns are in columns_.
  std::vector<Column> columns_;
  std::size_t live_columns_ = 0;
  plan::Id last_id_;
  NameIndex<std::int32_t> column_names_;
  NameIndex<plan::Id> constraint_names_;
  std::unordered_set<std::string> claimed_;  // Names in lower case.
  std::map<plan::Id, dialect::SourceRange> new_foreign_keys_;
  std::vector<std::pair<std::string, Status>> left_out_;  // As Result::left_out.
  std::map<plan::Id, NewRelationship> new_relationships_;
  /// The last action on the partition or the primary key, which must be consistent; not set if
  /// none.
  std::optional<dialect::SourceRange> sharding_;
  bool columns_changed_ = false;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_TABLE_EDITOR_H_

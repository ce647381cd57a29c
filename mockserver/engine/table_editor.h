// Makes a table's new definition, for CREATE TABLE from nothing and for ALTER TABLE from the old
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

/// Takes the parts of a statement one by one, each of which sees what those before it did, and at
/// the end checks the whole: so `DROP COLUMN c, DROP RELATIONSHIP r` works in any order. Errors
/// carry their places. The catalog must not change meanwhile. Belongs to one thread.
class TableEditor {
 public:
  /// `table` may be without columns: a new one. `names` are those around it.
  TableEditor(const CatalogState& catalog, const Engine::Request& request, GuidSource& guids,
              const ScopeNames& names, plan::TableDef table, plan::Id last_id);

  // table_editor.cc: what CREATE TABLE and ALTER TABLE share.
  Status AddColumn(const dialect::ColumnDef& written);
  /// Gives the column its id and guid.
  Status AddColumn(plan::ColumnDef column, const dialect::SourceRange& range);
  /// A foreign key whose target does not exist or does not fit is an error in ALTER TABLE; a new
  /// table is made without it.
  Status AddConstraint(const dialect::TableConstraint& constraint);
  Status SetPartition(const dialect::Partition& written);
  void SetKind(plan::TableKind kind) { table_.kind = kind; }

  // table_changes.cc: what only ALTER TABLE has.
  /// A name may belong to one action on a column only, and not to a column there is.
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
    std::vector<plan::Alteration::Source> sources;  // one for each column
    std::vector<dialect::SourceRange> ranges;       // of the action on each column
    std::vector<Dependent> broken;  // foreign keys and relationships that do not hold any more
    /// Foreign keys that the new table does without: name (perhaps empty) and reason.
    std::vector<std::pair<std::string, Status>> left_out;
    plan::Id last_id = 0;
    bool columns_changed = false;
    /// What the columns of the table at the beginning are now: their position, or why not.
    struct Fate {
      std::int32_t position = -1;  // -1: dropped
      dialect::SourceRange range;  // by this action
    };
    std::vector<Fate> fates;
  };
  /// Once, at the end.
  StatusOr<Result> Finish();

  /// The relationships of `owner` (perhaps a copy of the edited table) with `before`, as they are
  /// with `after`. Those that do not hold any more go from `owner` and are added to `broken`.
  /// Whether one of them has changed or gone. Only after Finish.
  StatusOr<bool> MoveRelationships(plan::TableDef& owner, const ScopeNames& owner_names,
                                   const Result& result, std::vector<Dependent>& broken) const;
  /// Whether the foreign key is the primary key of its target, column by column.
  static bool Fits(const plan::ForeignKeyDef& key, const plan::TableDef& from,
                   const plan::TableDef& to);
  Status At(const Status& reason, const dialect::SourceRange& range) const {
    return errors::At(reason, request_.text, range.begin);
  }

 private:
  /// Positions count in columns_ until Finish, dropped ones included.
  struct Column {
    plan::ColumnDef def;
    std::int32_t source = -1;  // position in the old table
    std::optional<plan::ColumnConversion> conversion;
    dialect::SourceRange range;
    bool dropped = false;
  };
  struct NewRelationship {
    plan::TablePtr target;  // null: the table itself
    const dialect::Expr* condition;
  };

  StatusOr<std::int32_t> Find(const dialect::Name& name) const;
  StatusOr<std::vector<std::int32_t>> Positions(const std::vector<dialect::Name>& names) const;
  StatusOr<std::vector<std::int32_t>> TargetPositions(const std::vector<dialect::Name>& names,
                                                      const plan::TableDef& table) const;
  StatusOr<std::vector<std::int32_t>> PositionsIn(const std::vector<dialect::Name>& names,
                                                  const NameIndex<std::int32_t>& index) const;
  /// Null: the table itself.
  StatusOr<plan::TablePtr> Target(const dialect::ObjectName& name) const;
  Status AddForeignKey(const std::string& name, const dialect::ForeignKey& key,
                       const dialect::SourceRange& range);
  Status AddRelationship(const std::string& name, const dialect::Relationship& relationship,
                         const dialect::SourceRange& range);
  /// The other end of a foreign key.
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
  plan::TableDef table_;  // without its columns
  std::vector<Column> columns_;
  std::size_t live_columns_ = 0;
  plan::Id last_id_;
  NameIndex<std::int32_t> column_names_;
  NameIndex<plan::Id> constraint_names_;
  std::unordered_set<std::string> claimed_;  // names in lower case
  std::map<plan::Id, dialect::SourceRange> new_foreign_keys_;
  std::vector<std::pair<std::string, Status>> left_out_;  // as Result::left_out
  std::map<plan::Id, NewRelationship> new_relationships_;
  /// What set the partition or the key last, if anything did: then they must fit each other.
  std::optional<dialect::SourceRange> sharding_;
  bool columns_changed_ = false;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_TABLE_EDITOR_H_

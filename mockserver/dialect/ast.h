// The syntax tree of one TQL statement: plain values without behaviour, independent of a catalog.
//
// Every node is copyable and comparable (`==` ignores source ranges) and has its range in the
// text. Names are kept as written; later stages resolve them and check the statement.
#ifndef TQLKIT_MOCKSERVER_DIALECT_AST_H_
#define TQLKIT_MOCKSERVER_DIALECT_AST_H_

#include "mockserver/dialect/ast_base.h"
#include "mockserver/dialect/ast_expr.h"
#include "mockserver/dialect/value_rows.h"

namespace tql::dialect {

// ---- SHOW, USE, SCRIPT, HELP, EXIT --------------------------------------------------------------

/// SHOW DATABASES.
struct ShowDatabases {
  friend bool operator==(const ShowDatabases&, const ShowDatabases&) = default;
};

/// SHOW SCHEMAS [db].
struct ShowSchemas {
  std::optional<Name> database;
  friend bool operator==(const ShowSchemas&, const ShowSchemas&) = default;
};

/// SHOW TABLES [db].
struct ShowTables {
  std::optional<Name> database;
  friend bool operator==(const ShowTables&, const ShowTables&) = default;
};

/// SHOW TABLE [[db .] schema .] table.
struct ShowTable {
  ObjectName table;
  friend bool operator==(const ShowTable&, const ShowTable&) = default;
};

/// SHOW VIEWS [db].
struct ShowViews {
  std::optional<Name> database;
  friend bool operator==(const ShowViews&, const ShowViews&) = default;
};

/// SHOW VIEW [[db .] schema .] view.
struct ShowView {
  ObjectName view;
  friend bool operator==(const ShowView&, const ShowView&) = default;
};

/// The level of objects that SHOW STATISTICS and SCRIPT cover.
enum class Scope : std::uint8_t { kServer, kDatabase, kSchema, kTable };

/// SHOW STATISTICS FOR SERVER | DATABASE db | TABLE table. Never kSchema.
struct ShowStatistics {
  Scope scope = Scope::kServer;
  ObjectName name;  // Empty for kServer, one part for kDatabase.
  friend bool operator==(const ShowStatistics&, const ShowStatistics&) = default;
};

/// USE [DATABASE] db.
struct Use {
  Name database;
  friend bool operator==(const Use&, const Use&) = default;
};

/// SCRIPT SERVER | DATABASE db | SCHEMA [db .] schema | TABLE [[db .] schema .] table.
struct Script {
  Scope scope = Scope::kServer;
  ObjectName name;  // Empty for kServer.
  friend bool operator==(const Script&, const Script&) = default;
};

/// HELP, H.
struct Help {
  friend bool operator==(const Help&, const Help&) = default;
};

/// EXIT, QUIT: the end of a script.
struct Exit {
  friend bool operator==(const Exit&, const Exit&) = default;
};

// ---- CREATE, DROP, TRUNCATE, COMPACT ------------------------------------------------------------

/// CREATE DATABASE db.
struct CreateDatabase {
  Name database;
  friend bool operator==(const CreateDatabase&, const CreateDatabase&) = default;
};

/// CREATE SCHEMA [db .] schema.
struct CreateSchema {
  ObjectName schema;  // 1 or 2 parts.
  friend bool operator==(const CreateSchema&, const CreateSchema&) = default;
};

enum class Nullability : std::uint8_t { kUnspecified, kNull, kNotNull };

/// [parsinghint="…"].
struct ParsingHint {
  std::string text;
  SourceRange range;
  friend bool operator==(const ParsingHint&, const ParsingHint&) = default;
};

/// name type [NULL | NOT NULL] [DEFAULT literal] [hint].
struct ColumnDef {
  Name name;
  TypeName type;
  Nullability nullability = Nullability::kUnspecified;
  std::optional<Literal> default_value;
  std::optional<ParsingHint> hint;
  SourceRange range;
  friend bool operator==(const ColumnDef&, const ColumnDef&) = default;
};

/// PRIMARY KEY (columns).
struct PrimaryKey {
  std::vector<Name> columns;
  friend bool operator==(const PrimaryKey&, const PrimaryKey&) = default;
};

/// FOREIGN KEY (columns) REFERENCES target (target_columns).
struct ForeignKey {
  std::vector<Name> columns;
  ObjectName target;
  std::vector<Name> target_columns;
  friend bool operator==(const ForeignKey&, const ForeignKey&) = default;
};

/// RELATIONSHIP WITH target AS condition.
struct Relationship {
  ObjectName target;
  Expr condition;
  friend bool operator==(const Relationship&, const Relationship&) = default;
};

/// A constraint of a table. The name may be written after CONSTRAINT or after the kind.
struct TableConstraint {
  std::optional<Name> name;
  std::variant<PrimaryKey, ForeignKey, Relationship> node;
  SourceRange range;
  friend bool operator==(const TableConstraint&, const TableConstraint&) = default;
};

/// PARTITION BY HASH [(shards)] [KEY (keys)].
struct Partition {
  std::optional<std::int64_t> shards;  // Never negative.
  std::vector<Name> keys;              // Empty: no KEY.
  SourceRange range;
  friend bool operator==(const Partition&, const Partition&) = default;
};

enum class TableMark : std::uint8_t { kNone, kFact, kDimension };

/// CREATE [FACT | DIMENSION] TABLE table (columns and constraints in any order) [PARTITION …].
struct CreateTable {
  TableMark mark = TableMark::kNone;
  ObjectName table;
  std::vector<ColumnDef> columns;
  std::vector<TableConstraint> constraints;
  std::optional<Partition> partition;
  friend bool operator==(const CreateTable&, const CreateTable&) = default;
};

/// DROP DATABASE db.
struct DropDatabase {
  Name database;
  friend bool operator==(const DropDatabase&, const DropDatabase&) = default;
};

/// DROP SCHEMA [db .] schema.
struct DropSchema {
  ObjectName schema;  // 1 or 2 parts.
  friend bool operator==(const DropSchema&, const DropSchema&) = default;
};

/// DROP TABLE table.
struct DropTable {
  ObjectName table;
  friend bool operator==(const DropTable&, const DropTable&) = default;
};

/// TRUNCATE TABLE table.
struct TruncateTable {
  ObjectName table;
  friend bool operator==(const TruncateTable&, const TruncateTable&) = default;
};

/// COMPACT TABLE table | COMPACT ALL_TABLES.
struct Compact {
  std::optional<ObjectName> table;  // Not set: all tables of the current database.
  friend bool operator==(const Compact&, const Compact&) = default;
};

// ---- ALTER TABLE --------------------------------------------------------------------------------

/// ADD COLUMN column.
struct AddColumn {
  ColumnDef column;
  friend bool operator==(const AddColumn&, const AddColumn&) = default;
};

/// DROP COLUMN column.
struct DropColumn {
  Name column;
  friend bool operator==(const DropColumn&, const DropColumn&) = default;
};

/// RENAME COLUMN from TO to.
struct RenameColumn {
  Name from;
  Name to;
  friend bool operator==(const RenameColumn&, const RenameColumn&) = default;
};

/// MODIFY COLUMN column type [hint].
struct ModifyColumn {
  Name column;
  TypeName type;
  std::optional<ParsingHint> hint;
  friend bool operator==(const ModifyColumn&, const ModifyColumn&) = default;
};

/// [ADD] CONSTRAINT …, ADD RELATIONSHIP ….
struct AddConstraint {
  TableConstraint constraint;
  friend bool operator==(const AddConstraint&, const AddConstraint&) = default;
};

/// DROP CONSTRAINT PRIMARY KEY [name]; the name is ignored.
struct DropPrimaryKey {
  friend bool operator==(const DropPrimaryKey&, const DropPrimaryKey&) = default;
};

/// DROP CONSTRAINT name: a foreign key or a relationship of that name.
struct DropConstraint {
  Name name;
  friend bool operator==(const DropConstraint&, const DropConstraint&) = default;
};

/// DROP [CONSTRAINT] FOREIGN KEY [name]. The name is that of the constraint or else of the
/// referenced table; without a name, drops all foreign keys of the table.
struct DropForeignKey {
  std::optional<Name> name;
  friend bool operator==(const DropForeignKey&, const DropForeignKey&) = default;
};

/// DROP RELATIONSHIP [name | WITH target]; with neither, drops all that start at the table.
struct DropRelationship {
  std::optional<Name> name;
  std::optional<ObjectName> target;
  friend bool operator==(const DropRelationship&, const DropRelationship&) = default;
};

/// SET DIMENSION.
struct SetDimension {
  friend bool operator==(const SetDimension&, const SetDimension&) = default;
};

/// SET FACT [PARTITION …].
struct SetFact {
  std::optional<Partition> partition;
  friend bool operator==(const SetFact&, const SetFact&) = default;
};

/// SET LOAD PRIORITY n. The range 1 to 100 is not checked here.
struct SetLoadPriority {
  std::int64_t priority = 0;
  friend bool operator==(const SetLoadPriority&, const SetLoadPriority&) = default;
};

struct AlterAction {
  std::variant<AddColumn, DropColumn, RenameColumn, ModifyColumn, AddConstraint, DropPrimaryKey,
               DropConstraint, DropForeignKey, DropRelationship, SetDimension, SetFact,
               SetLoadPriority>
      node;
  SourceRange range;
  friend bool operator==(const AlterAction&, const AlterAction&) = default;
};

/// ALTER TABLE table action {, action}.
struct AlterTable {
  ObjectName table;
  std::vector<AlterAction> actions;
  friend bool operator==(const AlterTable&, const AlterTable&) = default;
};

// ---- INSERT, UPDATE, DELETE, SELECT -------------------------------------------------------------

/// INSERT INTO table [(columns)] VALUES rows | query. Exactly one of rows and query is set.
struct Insert {
  ObjectName table;
  std::vector<Name> columns;  // Empty: all, in the table's order.
  ValueRows rows;
  Indirect<Query> query;
  friend bool operator==(const Insert&, const Insert&) = default;
};

struct Assignment {
  Name column;
  Expr value;
  friend bool operator==(const Assignment&, const Assignment&) = default;
};

/// UPDATE table SET assignments [WHERE …].
struct Update {
  ObjectName table;
  std::vector<Assignment> assignments;
  std::optional<Expr> where;
  friend bool operator==(const Update&, const Update&) = default;
};

/// DELETE FROM table [WHERE …].
struct Delete {
  ObjectName table;
  std::optional<Expr> where;
  friend bool operator==(const Delete&, const Delete&) = default;
};

/// A SELECT, or several with set operations.
struct Select {
  Query query;
  friend bool operator==(const Select&, const Select&) = default;
};

// ---- Statement ----------------------------------------------------------------------------------

/// In the order of the alternatives of Statement::Node.
enum class StatementKind : std::uint8_t {
  kShowDatabases,
  kShowSchemas,
  kShowTables,
  kShowTable,
  kShowViews,
  kShowView,
  kShowStatistics,
  kUse,
  kScript,
  kHelp,
  kExit,
  kCreateDatabase,
  kCreateSchema,
  kCreateTable,
  kDropDatabase,
  kDropSchema,
  kDropTable,
  kTruncateTable,
  kCompact,
  kAlterTable,
  kInsert,
  kUpdate,
  kDelete,
  kSelect,
};
inline constexpr std::size_t kStatementKindCount = 24;

/// The keywords that name a kind, e.g. "ALTER TABLE", "SHOW TABLES", for messages and reports.
std::string_view StatementKindName(StatementKind kind);

struct Statement {
  using Node = std::variant<ShowDatabases, ShowSchemas, ShowTables, ShowTable, ShowViews, ShowView,
                            ShowStatistics, Use, Script, Help, Exit, CreateDatabase, CreateSchema,
                            CreateTable, DropDatabase, DropSchema, DropTable, TruncateTable,
                            Compact, AlterTable, Insert, Update, Delete, Select>;
  static_assert(std::variant_size_v<Node> == kStatementKindCount);

  Node node;
  SourceRange range;  // From the first word to the last, without the semicolon.

  StatementKind kind() const { return static_cast<StatementKind>(node.index()); }
  template <typename T>
  const T* as() const {
    return std::get_if<T>(&node);
  }
  template <typename T>
  T* as() {
    return std::get_if<T>(&node);
  }
  friend bool operator==(const Statement&, const Statement&) = default;
};

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_AST_H_

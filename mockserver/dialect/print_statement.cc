#include <variant>

#include "mockserver/dialect/printer_impl.h"

namespace tql::dialect {

// ---- SHOW, USE, SCRIPT, HELP, EXIT --------------------------------------------------------------

static void AppendScope(Output& out, Scope scope, const ObjectName& name) {
  switch (scope) {
    case Scope::kServer:
      out += "SERVER";
      return;
    case Scope::kDatabase:
      out += "DATABASE ";
      break;
    case Scope::kSchema:
      out += "SCHEMA ";
      break;
    case Scope::kTable:
      out += "TABLE ";
      break;
  }
  Append(out, name);
}

static void Append(Output& out, const ShowDatabases&) { out += "SHOW DATABASES"; }
static void Append(Output& out, const ShowSchemas& show) {
  Write(out, "SHOW SCHEMAS", Optional(" ", show.database));
}
static void Append(Output& out, const ShowTables& show) {
  Write(out, "SHOW TABLES", Optional(" ", show.database));
}
static void Append(Output& out, const ShowTable& show) { Write(out, "SHOW TABLE ", show.table); }
static void Append(Output& out, const ShowViews& show) {
  Write(out, "SHOW VIEWS", Optional(" ", show.database));
}
static void Append(Output& out, const ShowView& show) { Write(out, "SHOW VIEW ", show.view); }
static void Append(Output& out, const ShowStatistics& show) {
  out += "SHOW STATISTICS FOR ";
  AppendScope(out, show.scope, show.name);
}
static void Append(Output& out, const Use& use) { Write(out, "USE ", use.database); }
static void Append(Output& out, const Script& script) {
  out += "SCRIPT ";
  AppendScope(out, script.scope, script.name);
}
static void Append(Output& out, const Help&) { out += "HELP"; }
static void Append(Output& out, const Exit&) { out += "EXIT"; }

// ---- CREATE, DROP, TRUNCATE, COMPACT ------------------------------------------------------------

static void AppendHint(Output& out, const std::optional<ParsingHint>& hint) {
  if (!hint) return;
  out += " [parsinghint=";
  AppendQuoted(out, hint->text, '"');
  out += ']';
}

static void Append(Output& out, const ColumnDef& column) {
  Write(out, column.name, " ", column.type);
  if (column.nullability == Nullability::kNull) out += " NULL";
  if (column.nullability == Nullability::kNotNull) out += " NOT NULL";
  Append(out, Optional(" DEFAULT ", column.default_value));
  AppendHint(out, column.hint);
}

static void AppendPartition(Output& out, const std::optional<Partition>& partition) {
  if (!partition) return;
  out += " PARTITION BY HASH";
  if (partition->shards) Write(out, " (", *partition->shards, ")");
  if (!partition->keys.empty()) Write(out, " KEY (", List(partition->keys), ")");
}

// Appends CONSTRAINT if the syntax requires it here, the name and the constraint.
static void AppendConstraint(Output& out, const TableConstraint& constraint, bool altering) {
  if (const auto* relationship = std::get_if<Relationship>(&constraint.node)) {
    out += "RELATIONSHIP ";
    if (constraint.name) Write(out, *constraint.name, " ");
    Write(out, "WITH ", relationship->target, " AS ", relationship->condition);
    return;
  }
  if (altering || constraint.name) out += "CONSTRAINT ";
  if (constraint.name) Write(out, *constraint.name, " ");
  if (const auto* key = std::get_if<PrimaryKey>(&constraint.node)) {
    Write(out, "PRIMARY KEY (", List(key->columns), ")");
  } else if (const auto* foreign = std::get_if<ForeignKey>(&constraint.node)) {
    Write(out, "FOREIGN KEY (", List(foreign->columns), ") REFERENCES ", foreign->target, " (",
          List(foreign->target_columns), ")");
  }
}

static void Append(Output& out, const CreateDatabase& create) {
  Write(out, "CREATE DATABASE ", create.database);
}
static void Append(Output& out, const CreateSchema& create) {
  Write(out, "CREATE SCHEMA ", create.schema);
}
static void Append(Output& out, const CreateTable& create) {
  out += "CREATE ";
  if (create.mark == TableMark::kFact) out += "FACT ";
  if (create.mark == TableMark::kDimension) out += "DIMENSION ";
  Write(out, "TABLE ", create.table, " (", List(create.columns));
  std::string_view separator = create.columns.empty() ? "" : ", ";
  for (const TableConstraint& constraint : create.constraints) {
    out += separator;
    AppendConstraint(out, constraint, /*altering=*/false);
    separator = ", ";
  }
  out += ')';
  AppendPartition(out, create.partition);
}
static void Append(Output& out, const DropDatabase& drop) {
  Write(out, "DROP DATABASE ", drop.database);
}
static void Append(Output& out, const DropSchema& drop) { Write(out, "DROP SCHEMA ", drop.schema); }
static void Append(Output& out, const DropTable& drop) { Write(out, "DROP TABLE ", drop.table); }
static void Append(Output& out, const TruncateTable& truncate) {
  Write(out, "TRUNCATE TABLE ", truncate.table);
}
static void Append(Output& out, const Compact& compact) {
  out += compact.table ? "COMPACT TABLE " : "COMPACT ALL_TABLES";
  Append(out, Optional("", compact.table));
}

// ---- ALTER TABLE --------------------------------------------------------------------------------

static void Append(Output& out, const AddColumn& add) { Write(out, "ADD COLUMN ", add.column); }
static void Append(Output& out, const DropColumn& drop) { Write(out, "DROP COLUMN ", drop.column); }
static void Append(Output& out, const RenameColumn& rename) {
  Write(out, "RENAME COLUMN ", rename.from, " TO ", rename.to);
}
static void Append(Output& out, const ModifyColumn& modify) {
  Write(out, "MODIFY COLUMN ", modify.column, " ", modify.type);
  AppendHint(out, modify.hint);
}
static void Append(Output& out, const AddConstraint& add) {
  out += "ADD ";
  AppendConstraint(out, add.constraint, /*altering=*/true);
}
static void Append(Output& out, const DropPrimaryKey&) { out += "DROP CONSTRAINT PRIMARY KEY"; }
static void Append(Output& out, const DropConstraint& drop) {
  Write(out, "DROP CONSTRAINT ", drop.name);
}
static void Append(Output& out, const DropForeignKey& drop) {
  Write(out, "DROP CONSTRAINT FOREIGN KEY", Optional(" ", drop.name));
}
static void Append(Output& out, const DropRelationship& drop) {
  Write(out, "DROP RELATIONSHIP", Optional(" ", drop.name), Optional(" WITH ", drop.target));
}
static void Append(Output& out, const SetDimension&) { out += "SET DIMENSION"; }
static void Append(Output& out, const SetFact& set) {
  out += "SET FACT";
  AppendPartition(out, set.partition);
}
static void Append(Output& out, const SetLoadPriority& set) {
  Write(out, "SET LOAD PRIORITY ", set.priority);
}
static void Append(Output& out, const AlterAction& action) {
  std::visit([&out](const auto& node) { Append(out, node); }, action.node);
}
static void Append(Output& out, const AlterTable& alter) {
  Write(out, "ALTER TABLE ", alter.table, " ", List(alter.actions));
}

// ---- INSERT, UPDATE, DELETE, SELECT -------------------------------------------------------------

static void Append(Output& out, const ValueRows& rows) {
  for (std::size_t i = 0; i < rows.row_count() && !out.full(); ++i) {
    out += i == 0 ? "(" : ", (";
    std::string_view separator;
    for (const ValueRows::Cell& cell : rows.row(i)) {
      out += separator;
      if (cell.is_literal()) {
        AppendLiteral(out, cell.kind(), rows.text(cell));
      } else {
        Append(out, rows.expr(cell));
      }
      separator = ", ";
    }
    out += ')';
  }
}

static void Append(Output& out, const Insert& insert) {
  Write(out, "INSERT INTO ", insert.table, " ");
  if (!insert.columns.empty()) Write(out, "(", List(insert.columns), ") ");
  if (insert.query) {
    Append(out, *insert.query);
  } else {
    Write(out, "VALUES ", insert.rows);
  }
}

static void Append(Output& out, const Assignment& assignment) {
  Write(out, assignment.column, " = ", assignment.value);
}

static void Append(Output& out, const Update& update) {
  Write(out, "UPDATE ", update.table, " SET ", List(update.assignments),
        Optional(" WHERE ", update.where));
}

static void Append(Output& out, const Delete& del) {
  Write(out, "DELETE FROM ", del.table, Optional(" WHERE ", del.where));
}

static void Append(Output& out, const Select& select) { Append(out, select.query); }

// ---- Statement ----------------------------------------------------------------------------------

void Append(Output& out, const Statement& statement) {
  std::visit([&out](const auto& node) { Append(out, node); }, statement.node);
}

}  // namespace tql::dialect

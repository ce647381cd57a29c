#include <variant>

#include "mockserver/dialect/printer_impl.h"

namespace tql::dialect::internal {

void Printer::Print(const Statement& statement) {
  std::visit([this](const auto& node) { PrintNode(node); }, statement.node);
}

void Printer::PrintShow(std::string_view words, const std::optional<Name>& database) {
  Add(words);
  if (database) PrintNamed(" ", *database);
}

void Printer::PrintScope(std::string_view words, Scope scope, const ObjectName& name) {
  Add(words);
  switch (scope) {
    case Scope::kServer:
      Add("SERVER");
      return;
    case Scope::kDatabase:
      Add("DATABASE ");
      break;
    case Scope::kSchema:
      Add("SCHEMA ");
      break;
    case Scope::kTable:
      Add("TABLE ");
      break;
  }
  Print(name);
}

void Printer::PrintNode(const Compact& compact) {
  if (compact.table) {
    PrintNamed("COMPACT TABLE ", *compact.table);
  } else {
    Add("COMPACT ALL_TABLES");
  }
}

void Printer::PrintNode(const CreateTable& create) {
  Add("CREATE ");
  if (create.mark == TableMark::kFact) Add("FACT ");
  if (create.mark == TableMark::kDimension) Add("DIMENSION ");
  PrintNamed("TABLE ", create.table);
  Add(" (");
  PrintList(create.columns);
  std::string_view separator = create.columns.empty() ? "" : ", ";
  for (const TableConstraint& constraint : create.constraints) {
    Add(separator);
    PrintConstraint(constraint, /*altering=*/false);
    separator = ", ";
  }
  Add(")");
  PrintPartition(create.partition);
}

void Printer::Print(const ColumnDef& column) {
  Print(column.name);
  Add(" ");
  Print(column.type);
  if (column.nullability == Nullability::kNull) Add(" NULL");
  if (column.nullability == Nullability::kNotNull) Add(" NOT NULL");
  if (column.default_value) PrintNamed(" DEFAULT ", *column.default_value);
  PrintHint(column.hint);
}

void Printer::PrintHint(const std::optional<ParsingHint>& hint) {
  if (!hint) return;
  Add(" [parsinghint=");
  AddQuoted(hint->text, '"');
  Add("]");
}

void Printer::PrintPartition(const std::optional<Partition>& partition) {
  if (!partition) return;
  Add(" PARTITION BY HASH");
  if (partition->shards) {
    Add(" (");
    Add(std::to_string(*partition->shards));
    Add(")");
  }
  if (!partition->keys.empty()) {
    Add(" KEY ");
    PrintBracketed(partition->keys);
  }
}

// Prints CONSTRAINT if the syntax requires it here, the name and the constraint.
void Printer::PrintConstraint(const TableConstraint& constraint, bool altering) {
  if (const auto* relationship = std::get_if<Relationship>(&constraint.node)) {
    Add("RELATIONSHIP ");
    if (constraint.name) {
      Print(*constraint.name);
      Add(" ");
    }
    PrintNamed("WITH ", relationship->target);
    PrintNamed(" AS ", relationship->condition);
    return;
  }
  if (altering || constraint.name) Add("CONSTRAINT ");
  if (constraint.name) {
    Print(*constraint.name);
    Add(" ");
  }
  if (const auto* key = std::get_if<PrimaryKey>(&constraint.node)) {
    Add("PRIMARY KEY ");
    PrintBracketed(key->columns);
  } else if (const auto* foreign = std::get_if<ForeignKey>(&constraint.node)) {
    Add("FOREIGN KEY ");
    PrintBracketed(foreign->columns);
    PrintNamed(" REFERENCES ", foreign->target);
    Add(" ");
    PrintBracketed(foreign->target_columns);
  }
}

void Printer::PrintNode(const AlterTable& alter) {
  PrintNamed("ALTER TABLE ", alter.table);
  Add(" ");
  PrintList(alter.actions);
}

void Printer::Print(const AlterAction& action) {
  std::visit([this](const auto& node) { PrintNode(node); }, action.node);
}

void Printer::PrintNode(const RenameColumn& rename) {
  PrintNamed("RENAME COLUMN ", rename.from);
  PrintNamed(" TO ", rename.to);
}

void Printer::PrintNode(const ModifyColumn& modify) {
  PrintNamed("MODIFY COLUMN ", modify.column);
  PrintNamed(" ", modify.type);
  PrintHint(modify.hint);
}

void Printer::PrintNode(const AddConstraint& add) {
  Add("ADD ");
  PrintConstraint(add.constraint, /*altering=*/true);
}

void Printer::PrintNode(const DropForeignKey& drop) {
  Add("DROP CONSTRAINT FOREIGN KEY");
  if (drop.name) PrintNamed(" ", *drop.name);
}

void Printer::PrintNode(const DropRelationship& drop) {
  Add("DROP RELATIONSHIP");
  if (drop.name) PrintNamed(" ", *drop.name);
  if (drop.target) PrintNamed(" WITH ", *drop.target);
}

void Printer::PrintNode(const SetFact& set) {
  Add("SET FACT");
  PrintPartition(set.partition);
}

void Printer::PrintNode(const SetLoadPriority& set) {
  Add("SET LOAD PRIORITY ");
  Add(std::to_string(set.priority));
}

void Printer::PrintNode(const Insert& insert) {
  PrintNamed("INSERT INTO ", insert.table);
  Add(" ");
  if (!insert.columns.empty()) {
    PrintBracketed(insert.columns);
    Add(" ");
  }
  if (insert.query) {
    Print(*insert.query);
  } else {
    PrintNamed("VALUES ", insert.rows);
  }
}

void Printer::Print(const ValueRows& rows) {
  for (std::size_t i = 0; i < rows.row_count(); ++i) {
    Add(i == 0 ? "(" : ", (");
    std::string_view separator;
    for (const ValueRows::Cell& cell : rows.row(i)) {
      Add(separator);
      if (cell.is_literal()) {
        PrintLiteral(cell.kind(), rows.text(cell));
      } else {
        Print(rows.expr(cell));
      }
      separator = ", ";
    }
    Add(")");
  }
}

void Printer::PrintNode(const Update& update) {
  PrintNamed("UPDATE ", update.table);
  Add(" SET ");
  PrintList(update.assignments);
  PrintWhere(update.where);
}

void Printer::Print(const Assignment& assignment) {
  Print(assignment.column);
  PrintNamed(" = ", assignment.value);
}

void Printer::PrintNode(const Delete& del) {
  PrintNamed("DELETE FROM ", del.table);
  PrintWhere(del.where);
}

}  // namespace tql::dialect::internal

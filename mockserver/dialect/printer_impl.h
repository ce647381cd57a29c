// The printer, which appends to one text. Included only by the print_*.cc files.
#ifndef TQLKIT_MOCKSERVER_DIALECT_PRINTER_IMPL_H_
#define TQLKIT_MOCKSERVER_DIALECT_PRINTER_IMPL_H_

#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"

namespace tql::dialect::internal {

class Printer {
 public:
  std::string Take() { return std::move(out_); }

  // print_expr.cc
  void Print(const Expr& expr);
  void Print(const Name& name);
  void Print(const ObjectName& name);
  void Print(const Literal& literal) { PrintLiteral(literal.kind, literal.text); }
  void Print(const TypeName& type);
  // print_query.cc
  void Print(const Query& query);
  // print_statement.cc
  void Print(const Statement& statement);

 private:
  void Add(std::string_view text) { out_ += text; }
  void AddQuoted(std::string_view text, char quote);
  void PrintLiteral(LiteralKind kind, std::string_view text);
  template <typename T>
  void PrintList(const std::vector<T>& items) {
    std::string_view separator;
    for (const T& item : items) {
      Add(separator);
      Print(item);
      separator = ", ";
    }
  }
  template <typename T>
  void PrintBracketed(const std::vector<T>& items) {
    Add("(");
    PrintList(items);
    Add(")");
  }
  /// Prints the expression, in brackets unless it binds at least as tightly as `precedence`.
  void PrintOperand(const Expr& expr, int precedence);
  void PrintNode(const Literal& literal) { Print(literal); }
  void PrintNode(const ColumnRef& column) { Print(column.name); }
  void PrintNode(const UnaryExpr& unary);
  void PrintNode(const OperatorExpr& chain);
  void PrintNode(const FunctionCall& call);
  void PrintNode(const CastExpr& cast);
  void PrintNode(const CaseExpr& expr);
  void PrintNode(const InExpr& in);
  void PrintNode(const BetweenExpr& between);
  void PrintNode(const LikeExpr& like);
  void PrintNode(const IsNullExpr& test);
  void PrintNode(const ExistsExpr& exists);
  void PrintNode(const SubqueryExpr& subquery);

  void Print(const SelectCore& core);
  void Print(const SelectItem& item);
  void Print(const FromItem& item);
  void Print(const TableRef& ref);
  void Print(const QueryTerm& term);
  void Print(const OrderItem& item);
  void PrintAlias(const std::optional<Name>& alias);

  void PrintNode(const ShowDatabases&) { Add("SHOW DATABASES"); }
  void PrintNode(const ShowSchemas& show) { PrintShow("SHOW SCHEMAS", show.database); }
  void PrintNode(const ShowTables& show) { PrintShow("SHOW TABLES", show.database); }
  void PrintNode(const ShowViews& show) { PrintShow("SHOW VIEWS", show.database); }
  void PrintNode(const ShowTable& show) { PrintNamed("SHOW TABLE ", show.table); }
  void PrintNode(const ShowView& show) { PrintNamed("SHOW VIEW ", show.view); }
  void PrintNode(const ShowStatistics& show) {
    PrintScope("SHOW STATISTICS FOR ", show.scope, show.name);
  }
  void PrintNode(const Use& use) { PrintNamed("USE ", use.database); }
  void PrintNode(const Script& script) { PrintScope("SCRIPT ", script.scope, script.name); }
  void PrintNode(const Help&) { Add("HELP"); }
  void PrintNode(const Exit&) { Add("EXIT"); }
  void PrintNode(const CreateDatabase& create) { PrintNamed("CREATE DATABASE ", create.database); }
  void PrintNode(const CreateSchema& create) { PrintNamed("CREATE SCHEMA ", create.schema); }
  void PrintNode(const CreateTable& create);
  void PrintNode(const DropDatabase& drop) { PrintNamed("DROP DATABASE ", drop.database); }
  void PrintNode(const DropSchema& drop) { PrintNamed("DROP SCHEMA ", drop.schema); }
  void PrintNode(const DropTable& drop) { PrintNamed("DROP TABLE ", drop.table); }
  void PrintNode(const TruncateTable& truncate) { PrintNamed("TRUNCATE TABLE ", truncate.table); }
  void PrintNode(const Compact& compact);
  void PrintNode(const AlterTable& alter);
  void PrintNode(const Insert& insert);
  void PrintNode(const Update& update);
  void PrintNode(const Delete& del);
  void PrintNode(const Select& select) { Print(select.query); }

  template <typename T>
  void PrintNamed(std::string_view words, const T& name) {
    Add(words);
    Print(name);
  }
  void PrintShow(std::string_view words, const std::optional<Name>& database);
  void PrintScope(std::string_view words, Scope scope, const ObjectName& name);
  void PrintWhere(const std::optional<Expr>& where);
  void Print(const ValueRows& rows);
  void Print(const ColumnDef& column);
  void Print(const Assignment& assignment);
  void Print(const AlterAction& action);
  void PrintHint(const std::optional<ParsingHint>& hint);
  void PrintPartition(const std::optional<Partition>& partition);
  void PrintConstraint(const TableConstraint& constraint, bool altering);

  void PrintNode(const AddColumn& add) { PrintNamed("ADD COLUMN ", add.column); }
  void PrintNode(const DropColumn& drop) { PrintNamed("DROP COLUMN ", drop.column); }
  void PrintNode(const RenameColumn& rename);
  void PrintNode(const ModifyColumn& modify);
  void PrintNode(const AddConstraint& add);
  void PrintNode(const DropPrimaryKey&) { Add("DROP CONSTRAINT PRIMARY KEY"); }
  void PrintNode(const DropConstraint& drop) { PrintNamed("DROP CONSTRAINT ", drop.name); }
  void PrintNode(const DropForeignKey& drop);
  void PrintNode(const DropRelationship& drop);
  void PrintNode(const SetDimension&) { Add("SET DIMENSION"); }
  void PrintNode(const SetFact& set);
  void PrintNode(const SetLoadPriority& set);

  std::string out_;
};

}  // namespace tql::dialect::internal

#endif  // TQLKIT_MOCKSERVER_DIALECT_PRINTER_IMPL_H_

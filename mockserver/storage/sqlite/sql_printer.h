// Prints bound statements as SQLite's SQL. Names are those of ids (t17, c18, r2), constants are
// parameters: no text of a user ever becomes part of the SQL.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_

#include <string>
#include <unordered_map>
#include <vector>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/connection.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// The physical names.
std::string TableName(plan::Id id);   // t17: the rows of a table
std::string ColumnName(plan::Id id);  // c18
std::string KeyIndexName(plan::Id table);
std::string NullKeyIndexName(plan::Id table);
/// "c18, c19": the columns at these positions.
std::string ColumnList(const plan::TableDef& table, const std::vector<std::int32_t>& positions);
/// "c18 IS NULL OR c19 IS NULL", over the primary key.
std::string NullKeyCondition(const plan::TableDef& table);

/// Prints into `sql`, and collects the constants, which are borrowed from the plan.
class SqlPrinter {
 public:
  void Print(const plan::Query& query) { PrintQuery(query); }
  void PrintExpr(const plan::Expr& expr);
  /// Names `table` as relation `id` in the expressions that follow.
  void AddTable(plan::RelationId id, const plan::TableDef& table) { tables_[id] = &table; }
  void Append(std::string_view sql) { sql_ += sql; }

  const std::string& sql() const { return sql_; }
  /// Binds the constants, in order, from parameter `first` on.
  Status BindAll(Statement& statement, int first = 0) const;

 private:
  void PrintQuery(const plan::Query& query);
  void PrintBody(const plan::Query& query);
  void PrintOperand(const plan::Query& query, bool left);
  void PrintSelect(const plan::Select& select, bool name_items);
  void PrintValues(const plan::Values& values);
  void PrintTail(const plan::Query& query);
  void Register(const plan::Relation& relation);
  void PrintRelation(const plan::Relation& relation);

  void PrintNode(const plan::Literal& node, plan::Type type);
  void PrintNode(const plan::ColumnRef& node, plan::Type type);
  void PrintNode(const plan::ItemRef& node, plan::Type type);
  void PrintNode(const plan::Unary& node, plan::Type type);
  void PrintNode(const plan::Binary& node, plan::Type type);
  void PrintNode(const plan::Logical& node, plan::Type type);
  void PrintNode(const plan::Like& node, plan::Type type);
  void PrintNode(const plan::Between& node, plan::Type type);
  void PrintNode(const plan::InList& node, plan::Type type);
  void PrintNode(const plan::InQuery& node, plan::Type type);
  void PrintNode(const plan::Exists& node, plan::Type type);
  void PrintNode(const plan::ScalarQuery& node, plan::Type type);
  void PrintNode(const plan::Case& node, plan::Type type);
  void PrintNode(const plan::Cast& node, plan::Type type);
  void PrintNode(const plan::Call& node, plan::Type type);
  void PrintNode(const plan::Aggregate& node, plan::Type type);

  void PrintLogical(const plan::Logical& node, std::size_t begin, std::size_t end);
  void PrintSum(const plan::Binary& node, std::vector<const plan::Expr*>& terms);
  void PrintCall(std::string_view function, std::initializer_list<const plan::Expr*> arguments);
  void PrintConversion(std::string_view function, const plan::Expr& operand, plan::TypeKind kind);
  void PrintParameter(std::variant<std::int64_t, double, std::string_view> value);

  std::string sql_;
  std::vector<std::variant<std::int64_t, double, std::string_view>> parameters_;
  std::unordered_map<plan::RelationId, const plan::TableDef*> tables_;  // the others are derived
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQL_PRINTER_H_

#include "mockserver/storage/sqlite/sql_printer.h"

#include <algorithm>
#include <utility>

namespace tql::storage::sqlite {
namespace {

template <typename... F>
struct Overloaded : F... {
  using F::operator()...;
};
template <typename... F>
Overloaded(F...) -> Overloaded<F...>;

std::string RelationName(plan::RelationId id) { return "r" + std::to_string(id); }
std::string ItemName(std::size_t item) { return "k" + std::to_string(item); }

std::string_view JoinWords(plan::JoinKind kind) {
  switch (kind) {
    case plan::JoinKind::kLeft:
      return " LEFT JOIN ";
    case plan::JoinKind::kRight:
      return " RIGHT JOIN ";
    case plan::JoinKind::kFull:
      return " FULL JOIN ";
    case plan::JoinKind::kInner:
    case plan::JoinKind::kCross:
      break;
  }
  return " JOIN ";  // SQLite's CROSS JOIN would fix the order of the loops
}

std::string_view SetWords(plan::SetOperator op) {
  switch (op) {
    case plan::SetOperator::kUnion:
      return " UNION ";
    case plan::SetOperator::kUnionAll:
      return " UNION ALL ";
    case plan::SetOperator::kIntersect:
      return " INTERSECT ";
    case plan::SetOperator::kExcept:
      return " EXCEPT ";
  }
  return " UNION ";
}

bool IsBare(const plan::Query& query) {
  return query.order_by.empty() && !query.limit && query.offset == 0;
}

}  // namespace

std::string TableName(plan::Id id) { return "t" + std::to_string(id); }
std::string ColumnName(plan::Id id) { return "c" + std::to_string(id); }
std::string KeyIndexName(plan::Id table) { return "k" + std::to_string(table); }
std::string NullKeyIndexName(plan::Id table) { return "n" + std::to_string(table); }

std::string ColumnList(const plan::TableDef& table, const std::vector<std::int32_t>& positions) {
  std::string list;
  for (const std::int32_t position : positions) {
    if (!list.empty()) list += ", ";
    list += ColumnName(table.columns[static_cast<std::size_t>(position)].id);
  }
  return list;
}

std::string NullKeyCondition(const plan::TableDef& table) {
  std::string condition;
  for (const std::int32_t position : table.primary_key) {
    if (!condition.empty()) condition += " OR ";
    condition += ColumnName(table.columns[static_cast<std::size_t>(position)].id) + " IS NULL";
  }
  return condition;
}

Status SqlPrinter::BindAll(Statement& statement, int first) const {
  if (parameters_.size() > 32'000) {
    return InvalidArgumentError("the statement has more than 32000 constants");
  }
  for (const auto& parameter : parameters_) {
    std::visit([&](const auto& value) { statement.Bind(first, value); }, parameter);
    ++first;
  }
  return Status();
}

// ---- Queries
// -------------------------------------------------------------------------------------

void SqlPrinter::PrintQuery(const plan::Query& query) {
  PrintBody(query);
  PrintTail(query);
}

void SqlPrinter::PrintBody(const plan::Query& query) {
  std::visit(Overloaded{[&](const plan::Select& select) { PrintSelect(select, true); },
                        [&](const plan::SetOperation& set) {
                          PrintOperand(*set.left, true);
                          sql_ += SetWords(set.op);
                          PrintOperand(*set.right, false);
                        },
                        [&](const plan::Values& values) { PrintValues(values); }},
             query.body);
}

// SQLite's set operators all bind alike, from the left, and take plain SELECTs: what is more
// becomes a derived table.
void SqlPrinter::PrintOperand(const plan::Query& query, bool left) {
  const bool plain = std::holds_alternative<plan::Select>(query.body) ||
                     (left && std::holds_alternative<plan::SetOperation>(query.body));
  if (plain && IsBare(query)) {
    PrintBody(query);
    return;
  }
  sql_ += "SELECT * FROM (";
  PrintQuery(query);
  sql_ += ")";
}

void SqlPrinter::PrintSelect(const plan::Select& select, bool name_items) {
  if (select.from) Register(*select.from);
  sql_ += select.distinct ? "SELECT DISTINCT " : "SELECT ";
  for (std::size_t i = 0; i < select.items.size(); ++i) {
    if (i > 0) sql_ += ", ";
    PrintExpr(*select.items[i].expr);
    if (name_items) sql_ += " AS " + ItemName(i);
  }
  if (select.from) {
    sql_ += " FROM ";
    PrintRelation(*select.from);
  }
  if (select.where) {
    sql_ += " WHERE ";
    PrintExpr(*select.where);
  }
  for (std::size_t i = 0; i < select.group_by.size(); ++i) {
    sql_ += i == 0 ? " GROUP BY " : ", ";
    PrintExpr(*select.group_by[i]);
  }
  if (select.having) {
    sql_ += " HAVING ";
    PrintExpr(*select.having);
    // Without GROUP BY, SQLite wants an aggregate in the statement, which need not be there.
    if (select.group_by.empty()) sql_ += " AND count(*) >= 0";
  }
}

void SqlPrinter::PrintValues(const plan::Values& values) {
  sql_ += "VALUES ";
  for (std::size_t r = 0; r < values.rows.size(); ++r) {
    sql_ += r == 0 ? "(" : ", (";
    for (std::size_t i = 0; i < values.rows[r].size(); ++i) {
      if (i > 0) sql_ += ", ";
      PrintExpr(*values.rows[r][i]);
    }
    sql_ += ")";
  }
}

void SqlPrinter::PrintTail(const plan::Query& query) {
  for (std::size_t i = 0; i < query.order_by.size(); ++i) {
    sql_ += i == 0 ? " ORDER BY " : ", ";
    PrintExpr(*query.order_by[i].expr);
    if (query.order_by[i].descending) sql_ += " DESC";
  }
  if (query.limit || query.offset > 0) {
    sql_ += " LIMIT ";
    PrintParameter(query.limit.value_or(-1));
    if (query.offset > 0) {
      sql_ += " OFFSET ";
      PrintParameter(query.offset);
    }
  }
}

void SqlPrinter::Register(const plan::Relation& relation) {
  std::visit(Overloaded{[&](const plan::BaseTable& base) { AddTable(base.id, *base.table); },
                        [&](const plan::DerivedTable&) {},
                        [&](const plan::Join& join) {
                          Register(*join.left);
                          Register(*join.right);
                        }},
             relation.node);
}

void SqlPrinter::PrintRelation(const plan::Relation& relation) {
  std::visit(Overloaded{[&](const plan::BaseTable& base) {
                          sql_ += TableName(base.table->id) + " AS " + RelationName(base.id);
                        },
                        [&](const plan::DerivedTable& derived) {
                          sql_ += "(";
                          PrintQuery(*derived.query);
                          sql_ += ") AS " + RelationName(derived.id);
                        },
                        [&](const plan::Join& join) {
                          PrintRelation(*join.left);
                          sql_ += JoinWords(join.kind);
                          const bool nested = std::holds_alternative<plan::Join>(join.right->node);
                          if (nested) sql_ += "(";
                          PrintRelation(*join.right);
                          if (nested) sql_ += ")";
                          if (join.on) {
                            sql_ += " ON ";
                            PrintExpr(*join.on);
                          }
                        }},
             relation.node);
}

// ---- Expressions
// ---------------------------------------------------------------------------------

void SqlPrinter::PrintExpr(const plan::Expr& expr) {
  std::visit([&](const auto& node) { PrintNode(node, expr.type); }, expr.node);
}

void SqlPrinter::PrintParameter(std::variant<std::int64_t, double, std::string_view> value) {
  parameters_.push_back(value);
  sql_ += "?";
}

void SqlPrinter::PrintCall(std::string_view function,
                           std::initializer_list<const plan::Expr*> arguments) {
  sql_ += function;
  char separator = '(';
  for (const plan::Expr* argument : arguments) {
    sql_ += std::exchange(separator, ',');
    PrintExpr(*argument);
  }
  sql_ += ")";
}

void SqlPrinter::PrintNode(const plan::Literal& node, plan::Type) {
  std::visit(Overloaded{[&](std::monostate) { sql_ += "NULL"; },
                        [&](std::int64_t value) { PrintParameter(value); },
                        [&](double value) { PrintParameter(value); },
                        [&](const std::string& value) { PrintParameter(std::string_view(value)); }},
             node.value);
}

void SqlPrinter::PrintNode(const plan::ColumnRef& node, plan::Type) {
  const auto column = static_cast<std::size_t>(node.column);
  const auto table = tables_.find(node.relation);
  sql_ += RelationName(node.relation) + ".";
  sql_ += table == tables_.end() ? ItemName(column) : ColumnName(table->second->columns[column].id);
}

void SqlPrinter::PrintNode(const plan::ItemRef& node, plan::Type) {
  sql_ += std::to_string(node.item + 1);
}

void SqlPrinter::PrintNode(const plan::Unary& node, plan::Type type) {
  if (node.op == plan::UnaryOp::kNegate && type.kind == plan::TypeKind::kBigInt) {
    return PrintCall("tql_neg", {node.operand.get()});
  }
  sql_ += node.op == plan::UnaryOp::kNot      ? "(NOT "
          : node.op == plan::UnaryOp::kNegate ? "(- "
                                              : "(";
  PrintExpr(*node.operand);
  if (node.op == plan::UnaryOp::kIsNull) sql_ += " IS NULL";
  if (node.op == plan::UnaryOp::kIsNotNull) sql_ += " IS NOT NULL";
  sql_ += ")";
}

namespace {

std::string_view OperatorWords(plan::BinaryOp op) {
  switch (op) {
    case plan::BinaryOp::kAdd:
      return " + ";
    case plan::BinaryOp::kSubtract:
      return " - ";
    case plan::BinaryOp::kMultiply:
      return " * ";
    case plan::BinaryOp::kDivide:
      return " / ";
    case plan::BinaryOp::kModulo:
      return " % ";
    case plan::BinaryOp::kConcat:
      return " || ";
    case plan::BinaryOp::kEqual:
      return " = ";
    case plan::BinaryOp::kNotEqual:
      return " <> ";
    case plan::BinaryOp::kLess:
      return " < ";
    case plan::BinaryOp::kLessEqual:
      return " <= ";
    case plan::BinaryOp::kGreater:
      return " > ";
    case plan::BinaryOp::kGreaterEqual:
      return " >= ";
  }
  return " = ";
}

/// Whether the value fits into 32 bits: then one operation on it cannot leave 64.
bool IsNarrow(const plan::Expr& expr) {
  if (const auto* cast = std::get_if<plan::Cast>(&expr.node)) return IsNarrow(*cast->operand);
  if (const auto* literal = std::get_if<plan::Literal>(&expr.node)) {
    const auto* value = std::get_if<std::int64_t>(&literal->value);
    return value != nullptr && *value == static_cast<std::int32_t>(*value);
  }
  return expr.type.kind == plan::TypeKind::kInt || expr.type.kind == plan::TypeKind::kBool;
}

}  // namespace

// Collects the terms of a chain of checked additions, which nests to the left.
void SqlPrinter::PrintSum(const plan::Binary& node, std::vector<const plan::Expr*>& terms) {
  const plan::Binary* at = &node;
  terms.push_back(at->right.get());
  while (terms.size() < 120) {
    const auto* left = std::get_if<plan::Binary>(&at->left->node);
    if (left == nullptr || left->op != plan::BinaryOp::kAdd) break;
    at = left;
    terms.push_back(at->right.get());
  }
  terms.push_back(at->left.get());
  std::reverse(terms.begin(), terms.end());
  sql_ += "tql_add(";
  for (std::size_t i = 0; i < terms.size(); ++i) {
    if (i > 0) sql_ += ",";
    PrintExpr(*terms[i]);
  }
  sql_ += ")";
}

void SqlPrinter::PrintNode(const plan::Binary& node, plan::Type type) {
  const bool checked =
      plan::IsInteger(type.kind) && !(IsNarrow(*node.left) && IsNarrow(*node.right));
  if (checked && node.op == plan::BinaryOp::kAdd) {
    std::vector<const plan::Expr*> terms;
    return PrintSum(node, terms);
  }
  if (checked && node.op == plan::BinaryOp::kSubtract) {
    return PrintCall("tql_sub", {node.left.get(), node.right.get()});
  }
  if (checked && node.op == plan::BinaryOp::kMultiply) {
    return PrintCall("tql_mul", {node.left.get(), node.right.get()});
  }
  if (node.op == plan::BinaryOp::kModulo && plan::IsReal(type.kind)) {
    return PrintCall("tql_mod", {node.left.get(), node.right.get()});
  }
  sql_ += "(";
  PrintExpr(*node.left);
  sql_ += OperatorWords(node.op);
  PrintExpr(*node.right);
  sql_ += ")";
}

// As a balanced tree: SQLite counts the depth of a chain as its length.
void SqlPrinter::PrintLogical(const plan::Logical& node, std::size_t begin, std::size_t end) {
  if (end - begin == 1) return PrintExpr(*node.operands[begin]);
  const std::size_t middle = begin + (end - begin) / 2;
  sql_ += "(";
  PrintLogical(node, begin, middle);
  sql_ += node.conjunction ? " AND " : " OR ";
  PrintLogical(node, middle, end);
  sql_ += ")";
}

void SqlPrinter::PrintNode(const plan::Logical& node, plan::Type) {
  PrintLogical(node, 0, node.operands.size());
}

void SqlPrinter::PrintNode(const plan::Like& node, plan::Type) {
  sql_ += "(";
  PrintExpr(*node.value);
  sql_ += node.negated ? " NOT LIKE " : " LIKE ";
  PrintExpr(*node.pattern);
  if (node.escape) {
    sql_ += " ESCAPE ";
    PrintExpr(*node.escape);
  }
  sql_ += ")";
}

void SqlPrinter::PrintNode(const plan::Between& node, plan::Type) {
  sql_ += "(";
  PrintExpr(*node.value);
  sql_ += node.negated ? " NOT BETWEEN " : " BETWEEN ";
  PrintExpr(*node.low);
  sql_ += " AND ";
  PrintExpr(*node.high);
  sql_ += ")";
}

void SqlPrinter::PrintNode(const plan::InList& node, plan::Type) {
  sql_ += "(";
  PrintExpr(*node.value);
  sql_ += node.negated ? " NOT IN (" : " IN (";
  for (std::size_t i = 0; i < node.list.size(); ++i) {
    if (i > 0) sql_ += ",";
    PrintExpr(*node.list[i]);
  }
  sql_ += "))";
}

void SqlPrinter::PrintNode(const plan::InQuery& node, plan::Type) {
  sql_ += "(";
  PrintExpr(*node.value);
  sql_ += node.negated ? " NOT IN (" : " IN (";
  PrintQuery(*node.query);
  sql_ += "))";
}

void SqlPrinter::PrintNode(const plan::Exists& node, plan::Type) {
  sql_ += "EXISTS (";
  PrintQuery(*node.query);
  sql_ += ")";
}

void SqlPrinter::PrintNode(const plan::ScalarQuery& node, plan::Type) {
  sql_ += "(";
  PrintQuery(*node.query);
  sql_ += ")";
}

void SqlPrinter::PrintNode(const plan::Case& node, plan::Type) {
  sql_ += "CASE";
  if (node.operand) {
    sql_ += " ";
    PrintExpr(*node.operand);
  }
  for (const plan::Case::Arm& arm : node.arms) {
    sql_ += " WHEN ";
    PrintExpr(*arm.when);
    sql_ += " THEN ";
    PrintExpr(*arm.then);
  }
  if (node.otherwise) {
    sql_ += " ELSE ";
    PrintExpr(*node.otherwise);
  }
  sql_ += " END";
}

void SqlPrinter::PrintConversion(std::string_view function, const plan::Expr& operand,
                                 plan::TypeKind kind) {
  sql_ += function;
  sql_ += "(";
  PrintExpr(operand);
  sql_ += "," + std::to_string(static_cast<int>(kind)) + ")";
}

void SqlPrinter::PrintNode(const plan::Cast& node, plan::Type type) {
  using plan::TypeKind;
  const TypeKind from = node.operand->type.kind;
  const TypeKind to = type.kind;
  if (from == to || from == TypeKind::kNull) return PrintExpr(*node.operand);
  if (to == TypeKind::kVarchar) return PrintConversion("tql_text", *node.operand, from);
  if (from == TypeKind::kVarchar) return PrintConversion("tql_parse", *node.operand, to);
  if (to == TypeKind::kDate) return PrintCall("tql_date", {node.operand.get()});
  if (to == TypeKind::kTime) return PrintCall("tql_time", {node.operand.get()});
  if (to == TypeKind::kBool) {
    sql_ += "(";
    PrintExpr(*node.operand);
    sql_ += " <> 0)";
    return;
  }
  if (to == TypeKind::kDouble) {
    if (from == TypeKind::kFloat) return PrintExpr(*node.operand);
    sql_ += "CAST(";
    PrintExpr(*node.operand);
    sql_ += " AS REAL)";
    return;
  }
  const bool widens = to == TypeKind::kDateTime || from == TypeKind::kBool ||
                      (to == TypeKind::kBigInt && !plan::IsReal(from));
  if (widens && to != TypeKind::kFloat) return PrintExpr(*node.operand);
  PrintConversion("tql_narrow", *node.operand, to);
}

void SqlPrinter::PrintNode(const plan::Call& node, plan::Type type) {
  const auto name = [&]() -> std::string_view {
    switch (node.function) {
      case plan::Function::kAbs:
        return plan::IsInteger(type.kind) ? "tql_abs" : "abs";
      case plan::Function::kAbsDay:
        return "tql_absday";
      case plan::Function::kAbsMonth:
        return "tql_absmonth";
      case plan::Function::kAbsQuarter:
        return "tql_absquarter";
      case plan::Function::kAbsYear:
        return "tql_absyear";
      case plan::Function::kDate:
        return "tql_date";
      case plan::Function::kTime:
        return "tql_time";
    }
    return "abs";
  };
  PrintCall(name(), {node.arguments.front().get()});
}

void SqlPrinter::PrintNode(const plan::Aggregate& node, plan::Type) {
  const auto name = [&]() -> std::string_view {
    switch (node.function) {
      case plan::AggregateFunction::kCountRows:
      case plan::AggregateFunction::kCount:
        return "count(";
      case plan::AggregateFunction::kSum:
        return "sum(";
      case plan::AggregateFunction::kAvg:
        return "avg(";
      case plan::AggregateFunction::kMin:
        return "min(";
      case plan::AggregateFunction::kMax:
        return "max(";
      case plan::AggregateFunction::kStddev:
        return "tql_stddev(";
      case plan::AggregateFunction::kVariance:
        return "tql_variance(";
    }
    return "count(";
  };
  sql_ += name();
  if (node.distinct) sql_ += "DISTINCT ";
  if (node.argument) {
    PrintExpr(*node.argument);
  } else {
    sql_ += "*";
  }
  sql_ += ")";
}

}  // namespace tql::storage::sqlite

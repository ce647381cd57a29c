#include "mockserver/dialect/ast.h"

#include <array>
#include <utility>

namespace tql::dialect {
namespace {

template <std::size_t N, typename Enum>
std::string_view NameIn(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : "?";
}

}  // namespace

Expr Negated(Expr operand) {
  Literal* const literal = operand.as<Literal>();
  const bool number = literal != nullptr && (literal->kind == LiteralKind::kInteger ||
                                             literal->kind == LiteralKind::kDecimal);
  if (!number) return Expr{UnaryExpr{UnaryOp::kNegate, std::move(operand)}, {}};
  if (literal->text.starts_with('-')) {
    literal->text.erase(0, 1);
  } else {
    literal->text.insert(0, 1, '-');
  }
  return operand;
}

std::string_view TypeKeywordName(TypeKeyword keyword) {
  static constexpr std::array<std::string_view, 15> kNames = {
      "BOOL",   "BOOLEAN", "INT",  "INT32", "INTEGER",  "BIGINT",    "INT64", "FLOAT",
      "DOUBLE", "VARCHAR", "CHAR", "DATE",  "DATETIME", "TIMESTAMP", "TIME"};
  return NameIn(kNames, keyword);
}

std::string_view BinaryOpName(BinaryOp op) {
  static constexpr std::array<std::string_view, 14> kNames = {
      "OR", "AND", "=", "<>", "<", "<=", ">", ">=", "+", "-", "||", "*", "/", "%"};
  return NameIn(kNames, op);
}

std::string_view StatementKindName(StatementKind kind) {
  static constexpr std::array<std::string_view, kStatementKindCount> kNames = {
      "SHOW DATABASES",
      "SHOW SCHEMAS",
      "SHOW TABLES",
      "SHOW TABLE",
      "SHOW VIEWS",
      "SHOW VIEW",
      "SHOW STATISTICS",
      "USE",
      "SCRIPT",
      "HELP",
      "EXIT",
      "CREATE DATABASE",
      "CREATE SCHEMA",
      "CREATE TABLE",
      "DROP DATABASE",
      "DROP SCHEMA",
      "DROP TABLE",
      "TRUNCATE TABLE",
      "COMPACT",
      "ALTER TABLE",
      "INSERT",
      "UPDATE",
      "DELETE",
      "SELECT",
  };
  return NameIn(kNames, kind);
}

}  // namespace tql::dialect

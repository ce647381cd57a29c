#include "mockserver/dialect/ast.h"

#include <array>

namespace tql::dialect {
namespace {

template <std::size_t N, typename Enum>
std::string_view NameIn(const std::array<std::string_view, N>& names, Enum value) {
  const auto index = static_cast<std::size_t>(value);
  return index < N ? names[index] : "?";
}

}  // namespace

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
  static constexpr std::array<std::string_view, kStatementKindCount> kNames = {"SHOW DATABASES",
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
                                                                               "SELECT"};
  return NameIn(kNames, kind);
}

}  // namespace tql::dialect

#include "tests/sqllogictest/dialect_map.h"

#include <regex>

namespace tql::slt {

std::optional<std::string> ToTql(const std::string& sql) {
  constexpr auto kFlags = std::regex::icase | std::regex::ECMAScript;
  static const std::regex kIndex(R"(^\s*(CREATE\s+(UNIQUE\s+)?|DROP\s+|RE)INDEX\b)", kFlags);
  static const std::regex kTransaction(R"(^\s*(BEGIN|COMMIT|END)(\s+TRANSACTION)?\s*;?\s*$)",
                                       kFlags);
  static const std::regex kUnique(R"(\s*,\s*UNIQUE\s*\([^()]*\)|\s+UNIQUE\b)", kFlags);
  static const std::regex kTable(R"(^\s*CREATE\s+TABLE\b)", kFlags);
  static const std::regex kKey(R"(\b(\w+)(\s+\w+(\(\d+\))?)\s+PRIMARY\s+KEY(?!\s*\())", kFlags);
  static const std::regex kText(R"((\b\w+\s+)TEXT\b)", kFlags);
  static const std::regex kEnd(R"(\)\s*;?\s*$)");
  if (std::regex_search(sql, kIndex) || std::regex_search(sql, kTransaction)) return std::nullopt;
  if (!std::regex_search(sql, kTable)) return sql;
  std::string text = std::regex_replace(sql, kUnique, "");
  text = std::regex_replace(text, kText, "$1VARCHAR(0)");
  std::smatch key;
  if (!std::regex_search(text, key, kKey)) return text;
  const std::string column = key[1];
  text = std::regex_replace(text, kKey, "$1$2");
  return std::regex_replace(text, kEnd, ", PRIMARY KEY (" + column + "))");
}

}  // namespace tql::slt

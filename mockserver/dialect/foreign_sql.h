// Common SQL that TQL does not have, and what to use instead: one table (foreign_sql.inc) for both
// parsers.
//
// A pattern is a row of items with blanks between them; " ; " separates patterns. Each item matches
// one token: a word in lower case or a sign matches itself, N a name, I a number, S a string, J a
// string directly behind the token before, BAR and CARET the signs | and ^; `a|b` matches either;
// `...` matches all tokens before the one where the parser failed. That token is one of those that
// a pattern matches, but for two prefixes: START, the pattern also begins the statement; BEFORE, it
// ends before that token.
#ifndef TQLKIT_MOCKSERVER_DIALECT_FOREIGN_SQL_H_
#define TQLKIT_MOCKSERVER_DIALECT_FOREIGN_SQL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/dialect/statement_scanner.h"

namespace tql::dialect {

/// "TQL has no <construct>; use …", with what to use if the table has it.
std::string NoSuchConstruct(std::string_view construct);

/// "TQL has no type X; use … (the types are …)".
std::string NoSuchType(std::string_view word);

/// "BOOL, INT, … and TIME".
std::string_view TypeList();

/// `text`, which says that a function does not exist, with what to use instead if the table has it.
std::string WithFunctionAdvice(std::string text, std::string_view name);

/// An error in a text, and where it stands.
struct Mistake {
  std::string message;
  std::size_t offset = 0;
};

enum class Grammar : std::uint8_t { kTql, kPostgres };

/// The construct that a parser of this grammar failed on at byte `offset` of a statement.
std::optional<Mistake> FindForeignSql(std::string_view text, std::size_t offset, Grammar grammar,
                                      ScriptRules rules);

/// A guess at a misspelt or missing keyword before or at byte `offset`, where a parser failed:
/// "; did you mean FROM instead of 'FORM'?". Empty when nothing suggests one.
std::string GuessKeyword(std::string_view text, std::size_t offset, ScriptRules rules);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_FOREIGN_SQL_H_

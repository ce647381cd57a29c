// Recognizes common SQL that TQL does not have and suggests what to use instead. One table
// (foreign_sql.inc) serves both parsers.
//
// A pattern is a sequence of items separated by spaces; " ; " separates patterns. Each item matches
// one token: a word in lower case or a sign matches itself, N a name, I a number, S a string, J a
// string directly after the previous token, BAR and CARET the signs | and ^; `a|b` matches either;
// `...` matches all tokens before the one where the parser failed. A match includes that token.
// The prefix START also requires the match to begin at the first token of the statement; the prefix
// BEFORE requires it to end before the failed token instead.
#ifndef TQLKIT_MOCKSERVER_DIALECT_FOREIGN_SQL_H_
#define TQLKIT_MOCKSERVER_DIALECT_FOREIGN_SQL_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/dialect/statement_scanner.h"

namespace tql::dialect {

/// "TQL has no <construct>; use …"; the second part only if the table has advice.
std::string NoSuchConstruct(std::string_view construct);

/// "TQL has no type X; use … (the types are …)".
std::string NoSuchType(std::string_view word);

/// "BOOL, INT, … and TIME".
std::string_view TypeList();

/// Appends the table's advice on the function `name` to `text`, which reports it as unknown.
std::string WithFunctionAdvice(std::string text, std::string_view name);

/// "TQL has no value X; use …" for a name that is a value in other databases; nothing for others.
std::optional<std::string> NoSuchValue(std::string_view word);

/// An error message and the byte offset of the error in the text.
struct SyntaxError {
  std::string message;
  std::size_t offset = 0;
};

enum class Grammar : std::uint8_t { kTql, kPostgres };

/// Finds the construct on which a parser of this grammar failed at byte `offset` of a statement.
std::optional<SyntaxError> FindForeignSql(std::string_view text, std::size_t offset,
                                          Grammar grammar, ScriptRules rules);

/// Guesses a misspelt or missing keyword before or at byte `offset`, where a parser failed:
/// "; did you mean FROM instead of 'FORM'?". Returns an empty text if there is no good guess.
std::string GuessKeyword(std::string_view text, std::size_t offset, ScriptRules rules);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_FOREIGN_SQL_H_

// SELECT and DML -> syntax tree, by way of PostgreSQL's parser (libpg_query).
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_POSTGRES_PARSER_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_POSTGRES_PARSER_H_

#include <cstddef>
#include <string_view>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/parser.h"
#include "tql/status.h"

namespace tql::dialect {

/// The longest statement for PostgreSQL's parser, whatever ParseOptions::max_bytes says: its tree
/// takes up to 250 times as many bytes.
inline constexpr std::size_t kPostgresMaxBytes = std::size_t{1} << 20U;

/// ParseStatement() with PostgreSQL's grammar for SELECT, INSERT, UPDATE and DELETE; every other
/// statement goes to ParseStatement(). The tree is the dialect's: names as they are written, and
/// precedence as PostgreSQL has it, brackets being kept only where they matter.
///
/// Errors: as ParseStatement(). A syntax error is in PostgreSQL's words, with what ParseStatement()
/// expects if it fails at the same place. What the dialect does not have is named as
/// ParseStatement() names it (foreign_sql.h): "TQL has no window functions (OVER)". Brackets nest at
/// most options.max_depth deep, chains of operators at most 5000.
///
/// TIME(x) is a call, as in TQL. libpg_query, unlike PostgreSQL, refuses a comment between the parts
/// of a string that goes on on another line.
///
/// Thread safety: a plain function. The time is linear in the text.
StatusOr<Statement> ParsePostgresStatement(std::string_view text, const ParseOptions& options = {});

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_POSTGRES_PARSER_H_

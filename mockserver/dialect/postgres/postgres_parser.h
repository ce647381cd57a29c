// Parses SELECT and DML with PostgreSQL's parser (libpg_query).
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_POSTGRES_PARSER_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_POSTGRES_PARSER_H_

#include <cstddef>
#include <string_view>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/parser.h"
#include "tql/status.h"

namespace tql::dialect {

/// The longest statement for PostgreSQL's parser, whatever ParseOptions::max_bytes is: its tree
/// takes up to 250 times as many bytes.
inline constexpr std::size_t kPostgresMaxBytes = std::size_t{1} << 20U;

/// Parses SELECT, INSERT, UPDATE and DELETE with PostgreSQL's grammar, and every other statement
/// with ParseStatement(). The tree is the dialect's: names are as written, precedence is that of
/// PostgreSQL, and brackets are kept only where they matter.
///
/// Errors: as ParseStatement(). A syntax error has PostgreSQL's message, with what ParseStatement()
/// expects if it fails at the same place. Constructs that the dialect lacks are reported as by
/// ParseStatement() (foreign_sql.h): "TQL has no window functions (OVER)". Brackets nest at most
/// options.max_depth deep, chains of operators at most 5000.
///
/// TIME(x) is a call, as in TQL. Unlike PostgreSQL, libpg_query rejects a comment between the parts
/// of a string that continues on another line.
///
/// Thread-safe. Takes time linear in the text.
StatusOr<Statement> ParsePostgresStatement(std::string_view text, const ParseOptions& options = {});

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_POSTGRES_PARSER_H_

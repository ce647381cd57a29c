// Text -> syntax tree.
#ifndef TQLKIT_MOCKSERVER_DIALECT_PARSER_H_
#define TQLKIT_MOCKSERVER_DIALECT_PARSER_H_

#include <cstddef>
#include <string_view>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/statement_scanner.h"
#include "tql/status.h"

namespace tql::dialect {

struct ParseOptions {
  /// The longest statement, in bytes. At most 1 GiB, whatever is set here.
  std::size_t max_bytes = std::size_t{64} << 20U;
  /// How deep brackets, sub-queries, CASE, calls, NOT and `-` may nest. Chains of operators, lists,
  /// joins and set operations are not nesting: they may be as long as the statement. 200 levels
  /// need less than 1 MiB of stack here and in every recursion over the tree.
  int max_depth = 200;
  /// Where the text stands in a larger one, a script: the places of errors are given there. The
  /// ranges of the tree are offsets in the text itself all the same.
  TextPlace origin = {};
  /// Whose rules say where comments end.
  ScriptRules rules = ScriptRules::kTql;
};

/// Parses exactly one statement; the semicolon behind it may be missing, blanks and comments may
/// surround it. For the statements of a script see splitter.h: parse each with its place as the
/// origin.
///
/// Errors: kInvalidArgument, with a place, and a message of one line that says what was found and
/// what was expected, e.g. `found 'FORM', expected ',' or FROM`.
///
/// Thread safety: a plain function. The time is linear in the text.
StatusOr<Statement> ParseStatement(std::string_view text, const ParseOptions& options = {});

/// Parses exactly one expression, such as a condition that Print() wrote; otherwise the same.
StatusOr<Expr> ParseExpression(std::string_view text, const ParseOptions& options = {});

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_PARSER_H_

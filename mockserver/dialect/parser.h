// Parses text into a syntax tree.
#ifndef TQLKIT_MOCKSERVER_DIALECT_PARSER_H_
#define TQLKIT_MOCKSERVER_DIALECT_PARSER_H_

#include <cstddef>
#include <string_view>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/statement_scanner.h"
#include "tql/status.h"

namespace tql::dialect {

struct ParseOptions {
  /// The longest statement in bytes. Values above 1 GiB are treated as 1 GiB.
  std::size_t max_bytes = std::size_t{64} << 20U;
  /// The deepest nesting of brackets, sub-queries, CASE, calls, NOT and `-`. Chains of operators,
  /// lists, joins and set operations do not nest: they may be as long as the statement. 200 levels
  /// need less than 1 MiB of stack here and in every recursion over the tree.
  int max_depth = 200;
  /// The place of the text in a script. Places of errors are relative to the script; ranges of the
  /// tree are relative to the text.
  TextPlace origin = {};
  /// Whose rules determine where comments end.
  ScriptRules rules = ScriptRules::kTql;
  /// Accepts ? wherever a number or another constant may stand, for patterns of statements. It is
  /// parsed as the Literal kPlaceholderText, or as kPlaceholderCount. For ParseStatement() only.
  bool placeholders = false;
};

/// Parses exactly one statement. The final semicolon is optional; whitespace and comments may
/// surround it. For the statements of a script see splitter.h: parse each with its place as the
/// origin.
///
/// Errors: kInvalidArgument with a place and a message of one line, which reports what was found
/// and what was expected, e.g. `found 'FORM', expected ',' or FROM`.
///
/// Thread-safe. Takes time linear in the text.
StatusOr<Statement> ParseStatement(std::string_view text, const ParseOptions& options = {});

/// Parses exactly one expression, e.g. a condition that Print() wrote; otherwise as above.
StatusOr<Expr> ParseExpression(std::string_view text, const ParseOptions& options = {});

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_PARSER_H_

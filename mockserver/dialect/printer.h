// Prints a syntax tree as text.
#ifndef TQLKIT_MOCKSERVER_DIALECT_PRINTER_H_
#define TQLKIT_MOCKSERVER_DIALECT_PRINTER_H_

#include <string>
#include <string_view>

#include "mockserver/dialect/ast.h"

namespace tql::dialect {

/// The statement on one line in canonical TQL, without a semicolon: keywords in upper case, single
/// spaces between words, AS before an alias, brackets only where precedence requires them. For
/// every tree made by the parser, parsing the result yields an equal tree.
std::string Print(const Statement& statement);
std::string Print(const Query& query);
std::string Print(const Expr& expr);
std::string Print(const Literal& literal);

/// The name as written; in quotes if it was quoted or needs to be.
std::string Print(const Name& name);
std::string Print(const ObjectName& name);

/// "name" in double quotes; quotes inside are doubled.
std::string QuoteName(std::string_view name);
/// 'text' in single quotes; quotes inside are doubled.
std::string QuoteString(std::string_view text);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_PRINTER_H_

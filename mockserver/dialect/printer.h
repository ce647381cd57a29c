// Syntax tree -> text.
#ifndef TQLKIT_MOCKSERVER_DIALECT_PRINTER_H_
#define TQLKIT_MOCKSERVER_DIALECT_PRINTER_H_

#include <string>
#include <string_view>

#include "mockserver/dialect/ast.h"

namespace tql::dialect {

/// The statement on one line in canonical TQL, without a semicolon: keywords in capitals, one blank
/// between words, AS before an alias, brackets only where precedence asks for them. Parsing the
/// result gives an equal tree, for every tree that the parser makes.
std::string Print(const Statement& statement);
std::string Print(const Query& query);
std::string Print(const Expr& expr);

/// A name as it was written, in quotes when it was quoted or needs them.
std::string Print(const Name& name);
std::string Print(const ObjectName& name);

/// "name" in double quotes, quotes inside doubled.
std::string QuoteName(std::string_view name);
/// 'text' in single quotes, quotes inside doubled.
std::string QuoteString(std::string_view text);

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_PRINTER_H_

#include "mockserver/dialect/printer.h"

#include "mockserver/dialect/printer_impl.h"

namespace tql::dialect {
namespace {

template <typename T>
std::string PrintAny(const T& node) {
  Output out;
  Append(out, node);
  return std::move(out.text());
}

std::string Quoted(std::string_view text, char quote) {
  Output out;
  AppendQuoted(out, text, quote);
  return std::move(out.text());
}

}  // namespace

std::string Print(const Statement& statement) { return PrintAny(statement); }
std::string Print(const Query& query) { return PrintAny(query); }
std::string Print(const Expr& expr) { return PrintAny(expr); }
std::string Print(const Literal& literal) { return PrintAny(literal); }
std::string Print(const Name& name) { return PrintAny(name); }
std::string Print(const ObjectName& name) { return PrintAny(name); }

std::string QuoteName(std::string_view name) { return Quoted(name, '"'); }
std::string QuoteString(std::string_view text) { return Quoted(text, '\''); }

}  // namespace tql::dialect

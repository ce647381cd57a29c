// How the printer appends words and nodes to a text. Included only by the print_*.cc files.
//
// Append() has an overload for each node. The overloads that only one file needs are static
// functions of that file: Write() finds them by argument-dependent lookup, which does not search
// anonymous namespaces.
#ifndef TQLKIT_MOCKSERVER_DIALECT_PRINTER_IMPL_H_
#define TQLKIT_MOCKSERVER_DIALECT_PRINTER_IMPL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"

namespace tql::dialect {

inline void Append(std::string& out, std::string_view words) { out += words; }
inline void Append(std::string& out, std::int64_t number) { out += std::to_string(number); }

// print_expr.cc
void Append(std::string& out, const Name& name);
void Append(std::string& out, const ObjectName& name);
void Append(std::string& out, const Literal& literal);
void Append(std::string& out, const TypeName& type);
void Append(std::string& out, const Expr& expr);
void AppendLiteral(std::string& out, LiteralKind kind, std::string_view text);
/// Appends the text in quotes; quotes inside are doubled.
void AppendQuoted(std::string& out, std::string_view text, char quote);

// print_query.cc
void Append(std::string& out, const Query& query);

// print_statement.cc
void Append(std::string& out, const Statement& statement);

/// Appends the parts one after another.
template <typename... Parts>
void Write(std::string& out, const Parts&... parts) {
  (Append(out, parts), ...);
}

/// A part for Write(): items separated by commas.
template <typename T>
struct List {
  explicit List(const std::vector<T>& list) : items(list) {}
  const std::vector<T>& items;
};
template <typename T>
void Append(std::string& out, const List<T>& list) {
  for (const T& item : list.items) {
    if (&item != list.items.data()) out += ", ";
    Append(out, item);
  }
}

/// A part for Write(): words and a value, if the std::optional or Indirect is set.
template <typename T>
struct Optional {
  Optional(std::string_view before, const T& optional) : words(before), value(optional) {}
  std::string_view words;
  const T& value;
};
template <typename T>
void Append(std::string& out, const Optional<T>& part) {
  if (part.value) Write(out, part.words, *part.value);
}

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_PRINTER_IMPL_H_

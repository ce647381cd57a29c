// How the printer appends words and nodes to a text. Included only by the print_*.cc files.
//
// Append() has an overload for each node. The overloads that only one file needs are static
// functions of that file: Write() finds them by argument-dependent lookup, which does not search
// anonymous namespaces.
#ifndef TQLKIT_MOCKSERVER_DIALECT_PRINTER_IMPL_H_
#define TQLKIT_MOCKSERVER_DIALECT_PRINTER_IMPL_H_

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"

namespace tql::dialect {

/// The text that is printed: of a statement as it is, or of its shape (shape.h).
class Output {
 public:
  Output() = default;
  /// Of a shape of at most `max_bytes`, whose constants are added to `literals`.
  Output(std::vector<Literal>* literals, std::size_t max_bytes)
      : literals_(literals), max_bytes_(max_bytes) {}

  Output& operator+=(std::string_view words) {
    if (!full()) text_ += words;
    return *this;
  }
  Output& operator+=(char c) {
    if (!full()) text_ += c;
    return *this;
  }
  std::string& text() { return text_; }
  /// Whether the text is longer than max_bytes; what follows is left out.
  bool full() const { return text_.size() > max_bytes_; }
  /// The constants of a shape; nullptr if the text is that of a statement.
  std::vector<Literal>* literals() { return literals_; }

 private:
  std::string text_;
  std::vector<Literal>* literals_ = nullptr;
  std::size_t max_bytes_ = std::numeric_limits<std::size_t>::max();
};

inline void Append(Output& out, std::string_view words) { out += words; }

// print_expr.cc
void Append(Output& out, std::int64_t number);
void Append(Output& out, const Name& name);
void Append(Output& out, const ObjectName& name);
void Append(Output& out, const Literal& literal);
void Append(Output& out, const TypeName& type);
void Append(Output& out, const Expr& expr);
void AppendLiteral(Output& out, LiteralKind kind, std::string_view text);
/// Appends the text in quotes; quotes inside are doubled.
void AppendQuoted(Output& out, std::string_view text, char quote);

// print_query.cc
void Append(Output& out, const Query& query);

// print_statement.cc
void Append(Output& out, const Statement& statement);

/// Appends the parts one after another.
template <typename... Parts>
void Write(Output& out, const Parts&... parts) {
  (Append(out, parts), ...);
}

/// A part for Write(): items separated by commas.
template <typename T>
struct List {
  explicit List(const std::vector<T>& list) : items(list) {}
  const std::vector<T>& items;
};
template <typename T>
void Append(Output& out, const List<T>& list) {
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
void Append(Output& out, const Optional<T>& part) {
  if (part.value) Write(out, part.words, *part.value);
}

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_PRINTER_IMPL_H_

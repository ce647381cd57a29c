// The constants of SqlPrinter: parameters or, in statements with very many, parts of the text.
#include <bit>
#include <cmath>
#include <cstdio>
#include <limits>
#include <string>

#include "mockserver/storage/sqlite/sql_printer.h"

namespace tql::storage::sqlite {
namespace {

using values::Datum;

/// Further constants are part of the text, because SQLite looks up a numbered parameter among all
/// others in linear time. Statements of that size are not worth caching anyway.
constexpr std::size_t kMaxParameters = 2'000;

Datum DatumOf(const plan::Literal& literal) {
  if (const auto* integer = std::get_if<std::int64_t>(&literal.value)) {
    return Datum::Integer(*integer);
  }
  if (const auto* real = std::get_if<double>(&literal.value)) return Datum::Real(*real);
  if (const auto* text = std::get_if<std::string>(&literal.value)) return Datum::Text(*text);
  return Datum::Null();
}

/// Returns the same text for equal values and different texts for different values.
std::string KeyOf(const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kInteger:
      return std::string("i").append(std::to_string(value.integer()));
    case Datum::Kind::kReal:
      return std::string("r").append(std::to_string(std::bit_cast<std::uint64_t>(value.real())));
    case Datum::Kind::kText:
      return std::string("t").append(value.text());
    case Datum::Kind::kNull:
      break;
  }
  return {};
}

}  // namespace

void SqlPrinter::Parameter(const Datum& value) {
  constexpr std::size_t kLongestKey = 256;
  if (value.is_null()) return Raw("NULL");
  // Equal constants share a parameter, so that SQLite recognizes `x + 1` in the list and in GROUP
  // BY as the same expression.
  const bool shared = value.kind() != Datum::Kind::kText || value.text().size() <= kLongestKey;
  int number = static_cast<int>(sql_.parameters.size()) + 1;
  if (shared) number = known_.try_emplace(KeyOf(value), number).first->second;
  if (static_cast<std::size_t>(number) > sql_.parameters.size()) sql_.parameters.push_back(value);
  Raw("?");
  Number(number);
}

void SqlPrinter::Inline(const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kNull:
      return Raw("NULL");
    case Datum::Kind::kInteger:
      // The lowest integer has no literal: SQLite would parse it as a real.
      if (value.integer() == std::numeric_limits<std::int64_t>::min()) return Parameter(value);
      Raw("(");
      Number(value.integer());
      return Raw(")");
    case Datum::Kind::kReal: {
      if (!std::isfinite(value.real())) return Parameter(value);
      char text[40];
      const int size = std::snprintf(text, sizeof(text), "(%.16e)", value.real());
      return Raw(std::string_view(text, static_cast<std::size_t>(size)));
    }
    case Datum::Kind::kText:
      break;
  }
  const std::string_view text = value.text();
  if (text.find('\0') != std::string_view::npos) return Parameter(value);
  sql_.text += '\'';
  for (const char c : text) {
    if (c == '\'') sql_.text += '\'';
    sql_.text += c;
  }
  sql_.text += '\'';
}

void SqlPrinter::Node(const plan::Literal& literal, const plan::Expr&, bool) {
  const Datum value = DatumOf(literal);
  if (sql_.parameters.size() < kMaxParameters) return Parameter(value);
  // SQLite compares each constant with all previous ones in order to evaluate equal ones once. It
  // does not do so for constants in a list and for results of functions.
  if (!in_list_) Raw("tql_constant(");
  Inline(value);
  if (!in_list_) Raw(")");
}

}  // namespace tql::storage::sqlite

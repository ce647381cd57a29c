#include "mockserver/storage/sqlite/constant_printer.h"

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <string>
#include <string_view>
#include <variant>

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

void AppendQuoted(SqlOutput& out, std::string_view text) {
  out.Append('\'');
  for (const char c : text) {
    if (c == '\'') out.Append('\'');
    out.Append(c);
  }
  out.Append('\'');
}

/// Appends the constant to the text. A value without a literal in SQLite becomes a parameter.
void AppendInline(SqlOutput& out, const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kNull:
      return out.Append("NULL");
    case Datum::Kind::kInteger:
      // SQLite would parse the lowest integer as a real.
      if (value.integer() == std::numeric_limits<std::int64_t>::min()) break;
      return out.Append("(", value.integer(), ")");
    case Datum::Kind::kReal: {
      if (!std::isfinite(value.real())) break;
      char text[40];
      const int size = std::snprintf(text, sizeof(text), "(%.16e)", value.real());
      return out.Append(std::string_view(text, static_cast<std::size_t>(size)));
    }
    case Datum::Kind::kText:
      if (value.text().find('\0') != std::string_view::npos) break;
      return AppendQuoted(out, value.text());
  }
  out.AppendParameter(value);
}

}  // namespace

void AppendLiteral(const PrintContext& context, const plan::Literal& literal) {
  SqlOutput& out = context.out;
  const Datum value = DatumOf(literal);
  if (out.parameter_count() < kMaxParameters) {
    return literal.varies_at && !value.is_null()
               ? out.AppendVaryingParameter(value, *literal.varies_at)
               : out.AppendParameter(value);
  }
  if (context.in_constant_list) return AppendInline(out, value);
  // SQLite compares each constant with all previous ones in order to evaluate equal ones once. It
  // does not do so for constants in a list and for results of functions.
  out.Append("tql_constant(");
  AppendInline(out, value);
  out.Append(")");
}

}  // namespace tql::storage::sqlite

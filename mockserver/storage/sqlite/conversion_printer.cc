#include "mockserver/storage/sqlite/conversion_printer.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>

#include "mockserver/storage/sqlite/expr_printer.h"
#include "mockserver/storage/sqlite/integer_overflow.h"
#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::storage::sqlite {
namespace {

using values::TypeKind;

/// Whether SQLite's CAST does the same as values::ConvertValue().
bool IsNativeCast(TypeKind from, TypeKind to) {
  return to == TypeKind::kDouble && from != TypeKind::kVarchar;
}

/// Whether the expression's value can be stored unchanged in a column of that type.
bool Fits(const plan::Expr& expr, TypeKind column, const Relations& relations) {
  if (column != TypeKind::kFloat && column != TypeKind::kInt) return true;
  if (expr.type.kind == TypeKind::kNull) return true;
  if (const auto* ref = std::get_if<plan::ColumnRef>(&expr.node)) {
    return expr.type.kind == column && relations.FindTable(ref->relation) != nullptr;
  }
  if (std::holds_alternative<plan::Cast>(expr.node)) return expr.type.kind == column;
  const auto* literal = std::get_if<plan::Literal>(&expr.node);
  const auto* integer = literal ? std::get_if<std::int64_t>(&literal->value) : nullptr;
  return column == TypeKind::kInt && integer && BitsOf(*integer) <= 31;
}

/// The part of an expression's text that an error quotes, without line ends.
std::string OneLine(std::string_view text) {
  constexpr std::size_t kLongest = 60;
  std::string line(base::Utf8Prefix(text, kLongest));
  base::BlankControls(&line);
  return line.size() < text.size() ? line + "…" : line;
}

/// Returns an empty text if the expression is not a column of a table.
std::string_view ColumnName(const plan::Expr& expr, const Relations& relations) {
  const auto* ref = std::get_if<plan::ColumnRef>(&expr.node);
  const plan::TableDef* table = ref ? relations.FindTable(ref->relation) : nullptr;
  if (table == nullptr) return {};
  const auto column = static_cast<std::size_t>(ref->column);
  return column < table->columns.size() ? table->columns[column].name : std::string_view();
}

}  // namespace

void AppendConverted(SqlOutput& out, Conversion conversion,
                     const std::function<void()>& append_value) {
  if (IsNativeCast(conversion.from, conversion.to)) {
    out.Append("CAST(");
    append_value();
    return out.Append(" AS REAL)");
  }
  out.Append("tql_cast(");
  append_value();
  out.Append(", ", static_cast<int>(conversion.from), ", ", static_cast<int>(conversion.to), ", ");
  out.AppendNumberOf(std::move(conversion.object));
  if (conversion.from == TypeKind::kVarchar && !conversion.hint.empty()) {
    out.Append(", ");
    out.AppendParameter(values::Datum::Text(conversion.hint));
  }
  out.Append(")");
}

void AppendCast(const PrintContext& context, const plan::Cast& cast, const plan::Expr& expr) {
  CheckedExpr object = Describe(*cast.operand, context.out.relations(), cast.column);
  AppendConverted(context.out,
                  {cast.operand->type.kind, expr.type.kind, cast.hint, std::move(object)},
                  [&] { AppendExpr(context, *cast.operand, Level::kAny); });
}

void AppendStored(const PrintContext& context, const plan::Expr& expr,
                  const plan::ColumnDef& column) {
  const Relations& relations = context.out.relations();
  const TypeKind to = column.type.kind;
  if (Fits(expr, to, relations)) return AppendExpr(context, expr, Level::kAny);
  AppendConverted(context.out,
                  {Computed(expr.type.kind), to, {}, Describe(expr, relations, column.name)},
                  [&] { AppendExpr(context, expr, Level::kAny); });
}

CheckedExpr Describe(const plan::Expr& expr, const Relations& relations, std::string_view column) {
  const plan::Expr* value = &expr;
  while (const auto* widen = std::get_if<plan::Widen>(&value->node)) value = widen->operand.get();
  if (column.empty()) column = ColumnName(*value, relations);
  CheckedExpr described;
  if (!column.empty()) {
    described = DescribeColumn(column);
  } else if (!value->source.text.empty()) {
    described.object = "Expression " + OneLine(value->source.text);
  }
  if (!expr.source.text.empty()) described.offset = expr.source.offset;
  return described;
}

CheckedExpr DescribeColumn(std::string_view column) {
  return {.object = "Column \"" + std::string(column) + '"', .offset = std::nullopt};
}

}  // namespace tql::storage::sqlite

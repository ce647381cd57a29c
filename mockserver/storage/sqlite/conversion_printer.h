// Prints conversions between types, and describes values for errors.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONVERSION_PRINTER_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONVERSION_PRINTER_H_

#include <functional>
#include <string_view>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/checked_expr.h"
#include "mockserver/storage/sqlite/print_context.h"
#include "mockserver/values/type.h"

namespace tql::storage::sqlite {

/// The type that a value computed as `type` may actually have: floats and ints are computed in 64
/// bits.
constexpr values::TypeKind Computed(values::TypeKind type) {
  return type == values::TypeKind::kFloat ? values::TypeKind::kDouble
         : type == values::TypeKind::kInt ? values::TypeKind::kBigInt
                                          : type;
}

/// A conversion as by values::ConvertValue().
struct Conversion {
  values::TypeKind from;
  values::TypeKind to;
  std::string_view hint;  // As in plan::Cast.
  CheckedExpr object;     // What an error of the conversion refers to.
};

/// Appends a conversion of the value that `append_value` appends.
void AppendConverted(SqlOutput& out, Conversion conversion,
                     const std::function<void()>& append_value);
/// Appends a Cast, which is the node of `expr`.
void AppendCast(const PrintContext& context, const plan::Cast& cast, const plan::Expr& expr);
/// Appends the expression as a value that can be stored in the column.
void AppendStored(const PrintContext& context, const plan::Expr& expr,
                  const plan::ColumnDef& column);

/// How errors name the value of the expression, or `column`, if not empty, which receives it.
CheckedExpr Describe(const plan::Expr& expr, const Relations& relations,
                     std::string_view column = {});
/// How errors name a column that receives a value.
CheckedExpr DescribeColumn(std::string_view column);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_CONVERSION_PRINTER_H_

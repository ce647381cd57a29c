// Conversion of types between their written, bound and displayed forms, and of constants. Decides
// all implicit conversions (text to number or date; number to date, as epoch seconds).
#ifndef TQLKIT_MOCKSERVER_ENGINE_CONVERT_H_
#define TQLKIT_MOCKSERVER_ENGINE_CONVERT_H_

#include <optional>
#include <string>
#include <string_view>

#include "mockserver/dialect/ast.h"
#include "mockserver/plan/plan.h"
#include "mockserver/values/datum.h"
#include "mockserver/values/type.h"
#include "tql/status.h"

namespace tql::engine {

/// The type that a type name or one of its synonyms denotes.
StatusOr<values::Type> ToPlanType(const dialect::TypeName& name);

/// A type as SHOW TABLE prints it: name, length, and "date", "datetime" or "time".
struct ShownType {
  std::string_view name;
  std::string length;
  std::string_view format;
};
ShownType ShowType(const values::Type& type);

/// A value with its type; a text is a view.
struct Constant {
  values::Datum value;
  values::TypeKind type = values::TypeKind::kNull;
};

/// The value of a literal: INT if it fits, else BIGINT, else DOUBLE; a decimal is DOUBLE. A text is
/// a view of `text`.
StatusOr<Constant> ReadLiteral(dialect::LiteralKind kind, std::string_view text);

/// The value of a bound literal; a text is a view of it.
Constant ConstantOf(const plan::Expr& literal);

/// Converts `constant` to type `to`. `hint` is the parsing hint of the column that receives the
/// value or is compared with it. A text is a view of `constant` or `scratch`.
StatusOr<values::Datum> ConvertConstant(const Constant& constant, values::TypeKind to,
                                        std::string_view hint, std::string& scratch);

/// Whether a computed value of type `from` can be assigned to a column of type `to`.
bool Assignable(values::TypeKind from, values::TypeKind to);

/// The type that represents values of both types, or nullopt.
std::optional<values::Type> CommonType(const values::Type& a, const values::Type& b);

/// A value of type `type` as a DEFAULT is stored and shown.
std::string DefaultText(const values::Datum& value, values::TypeKind type);
/// A DEFAULT as it is stored and shown: "null", "0", "0.000000", "uk".
StatusOr<std::string> DefaultText(const dialect::Literal& literal, const plan::ColumnDef& column);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_CONVERT_H_

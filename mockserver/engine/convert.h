// Conversion of types between their written, bound and displayed forms, and of constants. Decides
// all implicit conversions (text to number or date; number to date, as epoch seconds).
#ifndef TQLKIT_MOCKSERVER_ENGINE_CONVERT_H_
#define TQLKIT_MOCKSERVER_ENGINE_CONVERT_H_

#include <optional>
#include <string>
#include <string_view>

#include "mockserver/dialect/ast.h"
#include "mockserver/plan/datum.h"
#include "mockserver/plan/plan.h"
#include "mockserver/plan/type.h"
#include "tql/status.h"

namespace tql::engine {

/// The type that a type name or one of its synonyms denotes.
StatusOr<plan::Type> ToPlanType(const dialect::TypeName& name);

/// A type as SHOW TABLE prints it: name, length, and "date", "datetime" or "time".
struct ShownType {
  std::string_view name;
  std::string length;
  std::string_view format;
};
ShownType ShowType(const plan::Type& type);

/// A value with its type; a text is a view.
struct Constant {
  plan::Datum value;
  plan::TypeKind type = plan::TypeKind::kNull;
};

/// The value of a literal: INT if it fits, else BIGINT, else DOUBLE; a decimal is DOUBLE. A text is
/// a view of `text`.
StatusOr<Constant> ReadLiteral(dialect::LiteralKind kind, std::string_view text);

/// The value of a bound literal; a text is a view of it.
Constant ConstantOf(const plan::Expr& literal);

/// Converts `constant` to type `to`. `hint` is the parsing hint of the column that receives the
/// value or is compared with it. A text is a view of `constant` or `scratch`.
StatusOr<plan::Datum> ConvertConstant(const Constant& constant, plan::TypeKind to,
                                      std::string_view hint, std::string& scratch);

/// Whether a computed value of type `from` can be assigned to a column of type `to`.
bool Assignable(plan::TypeKind from, plan::TypeKind to);

/// The type that represents values of both types, or nullopt.
std::optional<plan::Type> CommonType(const plan::Type& a, const plan::Type& b);

/// A value of type `type` as a DEFAULT is stored and shown.
std::string DefaultText(const plan::Datum& value, plan::TypeKind type);
/// A DEFAULT as it is stored and shown: "null", "0", "0.000000", "uk".
StatusOr<std::string> DefaultText(const dialect::Literal& literal, const plan::ColumnDef& column);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_CONVERT_H_

// Types as written and shown, and the conversion of constants. The conversions that happen without
// being asked for (a text where a number or a date is due, a number where a date is due: epoch
// seconds) are all decided here.
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

/// The type behind a type's name and its synonyms.
StatusOr<plan::Type> ToPlanType(const dialect::TypeName& name);

/// The type as SHOW TABLE prints it: its name, its length, and "date", "datetime" or "time".
struct ShownType {
  std::string_view name;
  std::string length;
  std::string_view format;
};
ShownType ShowType(const plan::Type& type);

/// A value with its type; a text is borrowed.
struct Constant {
  plan::Datum value;
  plan::TypeKind type = plan::TypeKind::kNull;
};

/// The constant that a literal is: INT if it fits, else BIGINT, else DOUBLE; a decimal is DOUBLE.
/// The text is borrowed.
StatusOr<Constant> ReadLiteral(dialect::LiteralKind kind, std::string_view text);

/// The constant that a bound literal is; its text is borrowed.
Constant ConstantOf(const plan::Expr& literal);

/// `constant` as a value of type `to`. `hint` is the parsing hint of the column that it is for, or
/// compared with. A text is borrowed from `constant` or from `scratch`.
StatusOr<plan::Datum> ConvertConstant(const Constant& constant, plan::TypeKind to,
                                      std::string_view hint, std::string& scratch);

/// Whether a value that is computed may become one of type `to` on its way into a column.
bool Assignable(plan::TypeKind from, plan::TypeKind to);

/// The one type of values of both types; nothing when there is none.
std::optional<plan::Type> CommonType(const plan::Type& a, const plan::Type& b);

/// A value of type `type` as a DEFAULT is kept and shown.
std::string DefaultText(const plan::Datum& value, plan::TypeKind type);
/// DEFAULT as it is kept and shown: "null", "0", "0.000000", "uk".
StatusOr<std::string> DefaultText(const dialect::Literal& literal, const plan::ColumnDef& column);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_CONVERT_H_

// Parsing hints of columns, and the conversion of values by MODIFY COLUMN.
#ifndef TQLKIT_MOCKSERVER_ENGINE_COLUMN_CONVERSION_H_
#define TQLKIT_MOCKSERVER_ENGINE_COLUMN_CONVERSION_H_

#include <optional>
#include <string>
#include <string_view>

#include "mockserver/plan/schema.h"
#include "mockserver/values/value_conversion.h"
#include "tql/status.h"

namespace tql::engine {

/// Checks that a column of type `kind` can have the hint, for CREATE TABLE and ADD COLUMN. The
/// error is INVALID_ARGUMENT and gives the place in the hint.
Status CheckColumnHint(values::TypeKind kind, std::string_view hint);

struct ModifiedColumn {
  /// Not set if the values stay unchanged, in a type of the same kind.
  std::optional<values::ColumnConversion> conversion;
  std::string parsing_hint;  // The column's new hint.
};

/// `hint` is the hint of the MODIFY COLUMN, or null. With it, texts must match it; without it, the
/// column's own hint and the usual formats are tried. Returns INVALID_ARGUMENT for types that
/// cannot be converted and for a hint that is invalid or has no effect.
StatusOr<ModifiedColumn> ModifyType(const plan::ColumnDef& column, values::TypeKind to,
                                    const std::string* hint);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_COLUMN_CONVERSION_H_

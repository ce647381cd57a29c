// Parsing hints of columns, and what MODIFY COLUMN does to a column's values (reference §2).
#ifndef TQLKIT_MOCKSERVER_ENGINE_COLUMN_CONVERSION_H_
#define TQLKIT_MOCKSERVER_ENGINE_COLUMN_CONVERSION_H_

#include <optional>
#include <string>
#include <string_view>

#include "mockserver/plan/schema.h"
#include "mockserver/plan/value_conversion.h"
#include "tql/status.h"

namespace tql::engine {

/// Whether a column of type `kind` can have the hint: CREATE TABLE and ADD COLUMN take no other.
/// INVALID_ARGUMENT names the place in the hint.
Status CheckColumnHint(plan::TypeKind kind, std::string_view hint);

struct ModifiedColumn {
  /// Absent when the values stay what they are, in a type of the same kind.
  std::optional<plan::ColumnConversion> conversion;
  std::string parsing_hint;  // of the column from now on
};

/// `hint`: the one that MODIFY COLUMN has; nullptr: none. With it, a text must have its form;
/// without it, the column's own hint and the usual forms count. INVALID_ARGUMENT for types that
/// have no conversion, and for a hint that is invalid or has no meaning here.
StatusOr<ModifiedColumn> ModifyType(const plan::ColumnDef& column, plan::TypeKind to,
                                    const std::string* hint);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_COLUMN_CONVERSION_H_

// What MODIFY COLUMN does to the values of a column, and to its parsing hint (reference §2).
#ifndef TQLKIT_MOCKSERVER_ENGINE_COLUMN_CONVERSION_H_
#define TQLKIT_MOCKSERVER_ENGINE_COLUMN_CONVERSION_H_

#include <optional>
#include <string>

#include "mockserver/plan/schema.h"
#include "mockserver/plan/value_conversion.h"
#include "tql/status.h"

namespace tql::engine {

struct ModifiedColumn {
  /// Absent when the values stay what they are, in a type of the same kind.
  std::optional<plan::ColumnConversion> conversion;
  std::string parsing_hint;  // of the column from now on
};

/// `hint`: the one that MODIFY COLUMN has; nullptr: none. With it, a text must have its form;
/// without it, the column's own hint and the usual forms count. INVALID_ARGUMENT for types that
/// have no conversion, and for a hint that is none or says nothing here.
StatusOr<ModifiedColumn> ModifyType(const plan::ColumnDef& column, plan::TypeKind to,
                                    const std::string* hint);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_COLUMN_CONVERSION_H_

#include "mockserver/plan/default_value.h"

#include <string>

#include "mockserver/values/number_text.h"
#include "mockserver/values/temporal.h"
#include "proto/base/text.h"

namespace tql::plan {
StatusOr<values::Datum> DefaultOf(const ColumnDef& column) {
  if (!column.default_text) return values::Datum::Null();
  const std::string_view text = *column.default_text;
  if (base::EqualsIgnoreCase(text, "null")) return values::Datum::Null();
  const values::TypeKind kind = column.type.kind;
  if (kind == values::TypeKind::kVarchar) return values::Datum::Text(text);
  if (kind == values::TypeKind::kBool) {
    if (base::EqualsIgnoreCase(text, "true") || text == "1") return values::Datum::Integer(1);
    if (base::EqualsIgnoreCase(text, "false") || text == "0") return values::Datum::Integer(0);
  } else if (values::IsReal(kind)) {
    if (const auto value = values::ParseReal(text)) return values::Datum::Real(*value);
  } else {
    if (values::IsTemporal(kind)) {
      if (const auto value = values::ParseTemporal(kind, text, {})) {
        return values::Datum::Integer(*value);
      }
    }
    if (const auto value = values::ParseInteger(text)) return values::Datum::Integer(*value);
  }
  return InvalidArgumentError("the default '" + *column.default_text + "' of column '" +
                              column.name + "' is not a valid " +
                              std::string(values::TypeName(kind)));
}

}  // namespace tql::plan

#include "mockserver/plan/default_value.h"

#include <algorithm>
#include <string>

#include "mockserver/plan/number_text.h"
#include "mockserver/plan/temporal.h"

namespace tql::plan {
namespace {

bool EqualIgnoringCase(std::string_view a, std::string_view lower) {
  return a.size() == lower.size() &&
         std::equal(a.begin(), a.end(), lower.begin(), [](char x, char y) {
           return (x >= 'A' && x <= 'Z' ? static_cast<char>(x + 32) : x) == y;
         });
}

}  // namespace

StatusOr<Datum> DefaultOf(const ColumnDef& column) {
  if (!column.default_text) return Datum::Null();
  const std::string_view text = *column.default_text;
  if (EqualIgnoringCase(text, "null")) return Datum::Null();
  const TypeKind kind = column.type.kind;
  if (kind == TypeKind::kVarchar) return Datum::Text(text);
  if (kind == TypeKind::kBool) {
    if (EqualIgnoringCase(text, "true") || text == "1") return Datum::Integer(1);
    if (EqualIgnoringCase(text, "false") || text == "0") return Datum::Integer(0);
  } else if (IsReal(kind)) {
    if (const auto value = ParseReal(text)) return Datum::Real(*value);
  } else {
    if (IsTemporal(kind)) {
      if (const auto value = ParseTemporal(kind, text, {})) {
        return Datum::Integer(*value);
      }
    }
    if (const auto value = ParseInteger(text)) return Datum::Integer(*value);
  }
  return InvalidArgumentError("the default '" + *column.default_text + "' of column '" +
                              column.name + "' is not a valid " + std::string(TypeName(kind)));
}

}  // namespace tql::plan

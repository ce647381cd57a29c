#include <sqlite3.h>

#include <optional>

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/functions.h"

namespace tql::storage::sqlite {
namespace {

/// The longest value kept for an error.
constexpr std::size_t kLongest = 1000;

std::string Shown(const values::Datum& value) {
  char digits[values::kMaxNumberText];
  if (value.kind() == values::Datum::Kind::kText) {
    return std::string(value.text().substr(0, kLongest));
  }
  if (value.kind() == values::Datum::Kind::kReal) {
    return std::string(digits, values::FormatDouble(value.real(), digits));
  }
  return std::string(digits, values::FormatInteger(value.integer(), digits));
}

void RunConvert(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  auto* conversion =
      static_cast<Conversion*>(sqlite3_value_pointer(arguments[1], kConversionPointer));
  if (conversion == nullptr) return Fail(context, InternalError("a conversion is missing"));
  const values::Datum value = DatumOf(arguments[0], conversion->from);
  if (const std::optional<values::Datum> result = conversion->converter.Convert(value)) {
    return PutResult(context, *result);
  }
  if (conversion->failures++ == 0) conversion->first = Shown(value);
}

}  // namespace

/// Not deterministic, because it counts failures.
int RegisterConvert(sqlite3* db, Running& running) {
  return sqlite3_create_function_v2(db, "tql_convert", 2, SQLITE_UTF8 | SQLITE_DIRECTONLY, &running,
                                    RunConvert, nullptr, nullptr, nullptr);
}

}  // namespace tql::storage::sqlite

#include <sqlite3.h>

#include <algorithm>
#include <optional>
#include <string>

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/functions.h"
#include "mockserver/values/value_conversion.h"
#include "proto/base/utf8.h"

namespace tql::storage::sqlite {
namespace {

using values::Datum;
using values::TypeKind;

/// A value as quoted in an error, cut to a short text.
std::string Shown(sqlite3_value* value) {
  constexpr std::size_t kLongest = 64;
  if (sqlite3_value_type(value) == SQLITE_FLOAT) {
    char text[values::kMaxNumberText];
    return std::string(text, values::FormatDouble(sqlite3_value_double(value), text));
  }
  const bool quoted = sqlite3_value_type(value) == SQLITE_TEXT;
  std::string_view text = TextOf(value);
  std::string shown(base::Utf8Prefix(text, kLongest));
  if (shown.size() < text.size()) shown += "…";
  return quoted ? "'" + shown + "'" : shown;
}

void RunCast(sqlite3_context* context, int count, sqlite3_value** arguments) {
  sqlite3_value* const value = arguments[0];
  if (sqlite3_value_type(value) == SQLITE_NULL) return;
  const auto from = static_cast<TypeKind>(sqlite3_value_int(arguments[1]));
  const auto to = static_cast<TypeKind>(sqlite3_value_int(arguments[2]));
  char buffer[values::kMaxNumberText];
  const std::string_view hint = count > 4 ? TextOf(arguments[4]) : std::string_view();
  const values::Converted result =
      values::ConvertValue(DatumOf(value, from), from, to, hint, buffer);
  if (result.value) return PutResult(context, *result.value);
  const std::string type(values::TypeName(to));
  if (result.out_of_range) {
    return Fail(context, OutOfRangeError(Shown(value) + " is out of range for " + type),
                arguments[3]);
  }
  std::string text = Shown(value) + " cannot be converted to " + type;
  if (!result.problem.empty()) text += ": " + std::string(result.problem);
  Fail(context, InvalidArgumentError(text), arguments[3]);
}

}  // namespace

int RegisterCast(sqlite3* db, Running& running) {
  for (const int arguments : {4, 5}) {
    const int code = sqlite3_create_function_v2(
        db, "tql_cast", arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY, &running,
        RunCast, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

}  // namespace tql::storage::sqlite

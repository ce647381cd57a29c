#include "mockserver/storage/sqlite/functions.h"

#include <sqlite3.h>

#include <cstdint>

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/values/civil_time.h"

namespace tql::storage::sqlite {
namespace {

constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;

void Integer(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_FLOAT) {
    return Fail(context, OutOfRangeError("integer overflow"), arguments[1]);
  }
  sqlite3_result_value(context, arguments[0]);
}

// Registered as not deterministic, so that SQLite does not treat its result as a constant.
void Constant(sqlite3_context* context, int, sqlite3_value** arguments) {
  sqlite3_result_value(context, arguments[0]);
}

/// A function of seconds since 1970; returns NULL for NULL.
template <std::int64_t (*kOf)(std::int64_t)>
void OfSeconds(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  sqlite3_result_int64(context, kOf(sqlite3_value_int64(arguments[0])));
}

std::int64_t Day(std::int64_t seconds) { return values::DateOf(seconds) / values::kSecondsPerDay; }
std::int64_t Month(std::int64_t seconds) {
  const values::CivilTime civil = values::ToCivil(seconds);
  return std::int64_t{civil.year} * 12 + civil.month - 1;
}
std::int64_t Quarter(std::int64_t seconds) {
  const values::CivilTime civil = values::ToCivil(seconds);
  return std::int64_t{civil.year} * 4 + (civil.month - 1) / 3;
}
std::int64_t Year(std::int64_t seconds) { return values::ToCivil(seconds).year; }
/// DateOf(), with a lower bound that keeps the result within 64 bits.
std::int64_t Date(std::int64_t seconds) {
  return seconds < values::kMinDateTime ? values::kMinDateTime : values::DateOf(seconds);
}
std::int64_t TimeOfDay(std::int64_t seconds) {
  const std::int64_t rest = seconds % values::kSecondsPerDay;
  return rest < 0 ? rest + values::kSecondsPerDay : rest;
}
std::int64_t BoundedDay(std::int64_t seconds) { return Day(Date(seconds)); }

struct Scalar {
  const char* name;
  int arguments;
  void (*run)(sqlite3_context*, int, sqlite3_value**);
};
constexpr Scalar kScalars[] = {
    {"tql_integer", 2, Integer},           {"tql_date", 1, OfSeconds<Date>},
    {"tql_time", 1, OfSeconds<TimeOfDay>}, {"tql_absday", 1, OfSeconds<BoundedDay>},
    {"tql_absmonth", 1, OfSeconds<Month>}, {"tql_absquarter", 1, OfSeconds<Quarter>},
    {"tql_absyear", 1, OfSeconds<Year>},
};

}  // namespace

// The message is kept in Running; SQLite's own is not used.
void Fail(sqlite3_context* context, const Status& status, sqlite3_value* number) {
  static_cast<Running*>(sqlite3_user_data(context))->Fail(status, sqlite3_value_int64(number));
  sqlite3_result_error(context, "", 0);
}

void Fail(sqlite3_context* context, const Status& status) {
  static_cast<Running*>(sqlite3_user_data(context))->Fail(status);
  sqlite3_result_error(context, "", 0);
}

std::string_view TextOf(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return text == nullptr
             ? std::string_view()
             : std::string_view(text, static_cast<std::size_t>(sqlite3_value_bytes(value)));
}

values::Datum DatumOf(sqlite3_value* value, values::TypeKind type) {
  if (type == values::TypeKind::kVarchar) return values::Datum::Text(TextOf(value));
  if (values::IsReal(type)) return values::Datum::Real(sqlite3_value_double(value));
  return values::Datum::Integer(sqlite3_value_int64(value));
}

void PutResult(sqlite3_context* context, const values::Datum& value) {
  switch (value.kind()) {
    case values::Datum::Kind::kNull:
      return sqlite3_result_null(context);
    case values::Datum::Kind::kInteger:
      return sqlite3_result_int64(context, value.integer());
    case values::Datum::Kind::kReal:
      return sqlite3_result_double(context, value.real());
    case values::Datum::Kind::kText:
      break;
  }
  sqlite3_result_text64(context, value.text().data(), value.text().size(), SQLITE_TRANSIENT,
                        SQLITE_UTF8);
}

int RegisterFunctions(sqlite3* db, Running& running) {
  for (const Scalar& scalar : kScalars) {
    const int code = sqlite3_create_function_v2(db, scalar.name, scalar.arguments, kFlags, &running,
                                                scalar.run, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) return code;
  }
  const int registered =
      sqlite3_create_function_v2(db, "tql_constant", 1, kFlags & ~SQLITE_DETERMINISTIC, &running,
                                 Constant, nullptr, nullptr, nullptr);
  if (registered != SQLITE_OK) return registered;
  if (const int code = RegisterLike(db, running); code != SQLITE_OK) return code;
  if (const int code = RegisterCast(db, running); code != SQLITE_OK) return code;
  if (const int code = RegisterConvert(db, running); code != SQLITE_OK) return code;
  return RegisterStatistics(db, running);
}

}  // namespace tql::storage::sqlite

// What printed statements call and SQLite has not: TQL's conversions, date functions, LIKE and
// statistics.
//
// `n` is the number of a CheckedExpr, which an error names.
//
//   tql_integer(x, n)        x; an error when integer arithmetic made it a real: it overflowed
//   tql_constant(x)          x, of which SQLite does not know that it is constant
//   tql_like(n, v, p[, e])   whether v matches the pattern p: % any text, _ one character, case
//                            counts; e is the character that makes the next one literal
//   tql_cast(x, from, to, n[, hint])  x converted between two types, given as numbers of TypeKind;
//                            by the parsing hint of the column that it is for
//   tql_convert(x, c)        x converted by the Conversion behind the pointer c; NULL, and counted,
//                            when it has no counterpart
//   tql_date(x) tql_time(x)  the date part, the time of day
//   tql_absday(x) tql_absmonth(x) tql_absquarter(x) tql_absyear(x)
//   tql_stddev(x) tql_variance(x)  aggregates over a sample; NULL for fewer than two values
//   tql_integer_sum(x) tql_integer_avg(x) tql_integer_stddev(x) tql_integer_variance(x)
//                            aggregates over integers, exact on the way to their result; the sum is
//                            a real when it does not fit into 64 bits
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "mockserver/plan/datum.h"
#include "mockserver/plan/type.h"
#include "mockserver/plan/value_conversion.h"

struct sqlite3;
struct sqlite3_context;
struct sqlite3_value;

namespace tql {
class Status;
}
namespace tql::storage::sqlite {

struct Running;

inline constexpr std::string_view kFunctionPrefix = "tql_";

/// Makes all of them known to `db`; errors go to `running`. Returns a code of SQLite's.
int RegisterFunctions(sqlite3* db, Running& running);

// The parts, each in a source file of its own.
int RegisterLike(sqlite3* db, Running& running);
int RegisterCast(sqlite3* db, Running& running);
int RegisterConvert(sqlite3* db, Running& running);
int RegisterStatistics(sqlite3* db, Running& running);

/// Ends the calling statement with `status`, which is about the statement's CheckedExpr `number`.
void Fail(sqlite3_context* context, const Status& status, sqlite3_value* number);
void Fail(sqlite3_context* context, const Status& status);
std::string_view TextOf(sqlite3_value* value);
/// A value of a column of type `type` that is not NULL; a text is borrowed from it.
plan::Datum DatumOf(sqlite3_value* value, plan::TypeKind type);
/// The calling function's result; a text is copied.
void PutResult(sqlite3_context* context, const plan::Datum& value);

/// What tql_convert does with the values of one column, and what it could not do.
struct Conversion {
  explicit Conversion(const plan::ColumnConversion& conversion)
      : from(conversion.from), converter(conversion) {}
  plan::TypeKind from;
  plan::ValueConverter converter;
  std::int64_t failures = 0;
  std::string first;  // the first value without a counterpart
};
/// The name under which a Conversion is bound as a pointer.
inline constexpr char kConversionPointer[] = "tql_conversion";

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_

// The functions of printed statements that SQLite lacks: TQL's conversions, date functions, LIKE
// and statistics.
//
// `n` is the number of a CheckedExpr, which an error names.
//
//   tql_integer(x, n)        x; an error if x is a real, which means that integer arithmetic
//                            overflowed
//   tql_constant(x)          x, without SQLite knowing that it is constant
//   tql_like(n, v, p[, e])   whether v matches the pattern p: % is any text, _ one character, case
//                            matters; e is the character that makes the next one literal
//   tql_cast(x, from, to, n[, hint])  x converted between two types, given as numbers of TypeKind;
//                            hint is the parsing hint of the receiving column
//   tql_convert(x, c)        x converted by the Conversion that the pointer c refers to; NULL if it
//                            cannot be converted, which is counted
//   tql_date(x) tql_time(x)  the date part, the time of day
//   tql_absday(x) tql_absmonth(x) tql_absquarter(x) tql_absyear(x)
//   tql_stddev(x) tql_variance(x)  aggregates over a sample; NULL for fewer than two values
//   tql_integer_sum(x) tql_integer_avg(x) tql_integer_stddev(x) tql_integer_variance(x)
//                            aggregates over integers with exact intermediate results; the sum is
//                            a real when it does not fit into 64 bits
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_

#include <cstdint>
#include <string>
#include <string_view>

#include "mockserver/values/datum.h"
#include "mockserver/values/type.h"
#include "mockserver/values/value_conversion.h"

struct sqlite3;
struct sqlite3_context;
struct sqlite3_value;

namespace tql {
class Status;
}
namespace tql::storage::sqlite {

struct Running;

inline constexpr std::string_view kFunctionPrefix = "tql_";

/// Registers all functions with `db`; their errors are reported to `running`. Returns an SQLite
/// code.
int RegisterFunctions(sqlite3* db, Running& running);

// Register the functions of one source file each.
int RegisterLike(sqlite3* db, Running& running);
int RegisterCast(sqlite3* db, Running& running);
int RegisterConvert(sqlite3* db, Running& running);
int RegisterStatistics(sqlite3* db, Running& running);

/// Fails the running statement with `status`, which refers to CheckedExpr `number`.
void Fail(sqlite3_context* context, const Status& status, sqlite3_value* number);
void Fail(sqlite3_context* context, const Status& status);
std::string_view TextOf(sqlite3_value* value);
/// Converts a non-NULL value of a column of type `type`; a text is a view of it.
values::Datum DatumOf(sqlite3_value* value, values::TypeKind type);
/// Sets the result of the calling function; a text is copied.
void PutResult(sqlite3_context* context, const values::Datum& value);

/// The conversion of one column's values by tql_convert, and its failures.
struct Conversion {
  explicit Conversion(const values::ColumnConversion& conversion)
      : from(conversion.from), converter(conversion) {}
  values::TypeKind from;
  values::ValueConverter converter;
  std::int64_t failures = 0;
  std::string first;  // The first value that could not be converted.
};
/// The name under which a Conversion is bound as a pointer.
inline constexpr char kConversionPointer[] = "tql_conversion";

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_

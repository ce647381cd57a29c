// What printed statements call and SQLite has not: TQL's conversions, date functions, LIKE and
// statistics.
//
//   tql_integer(x)           x; an error when integer arithmetic made it a real: it overflowed
//   tql_constant(x)          x, of which SQLite does not know that it is constant
//   tql_like(v, p[, e])      whether v matches the pattern p: % any text, _ one character, case
//                            counts; e is the character that makes the next one literal
//   tql_cast(x, from, to)    x converted between two types, given as numbers of TypeKind
//   tql_date(x) tql_time(x)  the date part, the time of day
//   tql_absday(x) tql_absmonth(x) tql_absquarter(x) tql_absyear(x)
//   tql_stddev(x) tql_variance(x)  aggregates over a sample; NULL for fewer than two values
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_

#include <string_view>

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
int RegisterStatistics(sqlite3* db, Running& running);

/// Ends the calling statement with `status`.
void Fail(sqlite3_context* context, const Status& status);
std::string_view TextOf(sqlite3_value* value);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_

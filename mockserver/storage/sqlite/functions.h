// What SQLite cannot compute as TQL does: registered as SQL functions named tql_….
//
//   tql_add(a, b, …) tql_sub(a, b) tql_mul(a, b) tql_neg(a) tql_abs(a)   64-bit; overflow is an
//   error tql_mod(a, b)                                              of reals tql_absday(s)
//   tql_absmonth(s) tql_absquarter(s) tql_absyear(s) tql_date(s) tql_time(s) tql_text(value, kind)
//   a value of the type as text tql_parse(text, kind)   text as a value of the type; what cannot be
//   converted is an error tql_narrow(value, kind) a number as int, bigint or float; out of range is
//   an error tql_stddev(x) tql_variance(x)                              of a sample
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_

#include "tql/status.h"

namespace tql::storage::sqlite {

class Connection;

Status RegisterFunctions(Connection& connection);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_FUNCTIONS_H_

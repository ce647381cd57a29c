// Integer arithmetic that may overflow.
//
// SQLite turns an integer result that overflows into a real; TQL reports OUT_OF_RANGE. Arithmetic
// that may overflow is therefore printed within tql_integer(), once around the outermost operator.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_INTEGER_OVERFLOW_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_INTEGER_OVERFLOW_H_

#include <cstdint>

#include "mockserver/plan/plan.h"
#include "mockserver/storage/sqlite/sql_output.h"

namespace tql::storage::sqlite {

/// Whether the expression is integer arithmetic whose result may need more than 64 bits.
bool MayOverflow(const plan::Expr& expr, const Relations& relations);
/// Whether the operator propagates an overflow: SQLite's result is a real then, and stays a real.
bool CarriesOverflow(plan::BinaryOp op);
/// The bits of the absolute value.
int BitsOf(std::int64_t value);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_INTEGER_OVERFLOW_H_

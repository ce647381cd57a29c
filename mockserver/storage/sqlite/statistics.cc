#include <sqlite3.h>

#include <cmath>
#include <cstdint>

#include "mockserver/storage/sqlite/functions.h"

namespace tql::storage::sqlite {
namespace {

/// Welford's: exact where the sum of squares would lose everything.
struct Moments {
  std::int64_t count;
  double mean;
  double squares;  // sum of the squared distances from the mean
};

void Add(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  auto* moments = static_cast<Moments*>(sqlite3_aggregate_context(context, sizeof(Moments)));
  if (moments == nullptr) return sqlite3_result_error_nomem(context);
  const double value = sqlite3_value_double(arguments[0]);
  const double distance = value - moments->mean;
  moments->mean += distance / static_cast<double>(++moments->count);
  moments->squares += distance * (value - moments->mean);
}

template <bool kRoot>
void Result(sqlite3_context* context) {
  const auto* moments = static_cast<const Moments*>(sqlite3_aggregate_context(context, 0));
  if (moments == nullptr || moments->count < 2) return sqlite3_result_null(context);
  const double variance = moments->squares / static_cast<double>(moments->count - 1);
  sqlite3_result_double(context, kRoot ? std::sqrt(variance) : variance);
}

}  // namespace

int RegisterStatistics(sqlite3* db, Running& running) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  const int code = sqlite3_create_function_v2(db, "tql_stddev", 1, kFlags, &running, nullptr, Add,
                                              Result<true>, nullptr);
  if (code != SQLITE_OK) return code;
  return sqlite3_create_function_v2(db, "tql_variance", 1, kFlags, &running, nullptr, Add,
                                    Result<false>, nullptr);
}

}  // namespace tql::storage::sqlite

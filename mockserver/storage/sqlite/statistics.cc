// Aggregates that SQLite lacks or computes with a loss of precision.
#include <sqlite3.h>

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>

#include "mockserver/storage/sqlite/functions.h"
#include "mockserver/values/integer_moments.h"

namespace tql::storage::sqlite {
namespace {

using values::IntegerMoments;

/// Welford's algorithm, which avoids the cancellation of a sum of squares.
struct RealMoments {
  std::uint64_t count_;
  double mean;
  double squares;  // The sum of the squared distances from the mean.

  void Add(double value) {
    const double distance = value - mean;
    mean += distance / static_cast<double>(++count_);
    squares += distance * (value - mean);
  }
  std::uint64_t count() const { return count_; }
  double Variance() const { return squares / static_cast<double>(count_ - 1); }
};

std::int64_t ValueOf(sqlite3_value* value, const IntegerMoments*) {
  return sqlite3_value_int64(value);
}
double ValueOf(sqlite3_value* value, const RealMoments*) { return sqlite3_value_double(value); }

template <typename Moments>
void Add(sqlite3_context* context, int, sqlite3_value** arguments) {
  if (sqlite3_value_type(arguments[0]) == SQLITE_NULL) return;
  auto* moments = static_cast<Moments*>(sqlite3_aggregate_context(context, sizeof(Moments)));
  if (moments == nullptr) return sqlite3_result_error_nomem(context);
  moments->Add(ValueOf(arguments[0], moments));
}

/// Returns null if no value was added.
template <typename Moments>
const Moments* Added(sqlite3_context* context) {
  return static_cast<const Moments*>(sqlite3_aggregate_context(context, 0));
}

void Sum(sqlite3_context* context) {
  const auto* moments = Added<IntegerMoments>(context);
  if (moments == nullptr) return sqlite3_result_null(context);
  const std::optional<std::int64_t> sum = moments->Sum();
  // tql_integer() reports a real as an overflow.
  if (!sum) return sqlite3_result_double(context, std::numeric_limits<double>::infinity());
  sqlite3_result_int64(context, *sum);
}

void Avg(sqlite3_context* context) {
  const auto* moments = Added<IntegerMoments>(context);
  if (moments == nullptr) return sqlite3_result_null(context);
  sqlite3_result_double(context, moments->Mean());
}

template <typename Moments>
void Variance(sqlite3_context* context) {
  const auto* moments = Added<Moments>(context);
  if (moments == nullptr || moments->count() < 2) return sqlite3_result_null(context);
  sqlite3_result_double(context, static_cast<double>(moments->Variance()));
}

template <typename Moments>
void Stddev(sqlite3_context* context) {
  const auto* moments = Added<Moments>(context);
  if (moments == nullptr || moments->count() < 2) return sqlite3_result_null(context);
  sqlite3_result_double(context, static_cast<double>(std::sqrt(moments->Variance())));
}

struct AggregateEntry {
  const char* name;
  void (*add)(sqlite3_context*, int, sqlite3_value**);
  void (*result)(sqlite3_context*);
};
constexpr AggregateEntry kAggregates[] = {
    {"tql_integer_sum", Add<IntegerMoments>, Sum},
    {"tql_integer_avg", Add<IntegerMoments>, Avg},
    {"tql_integer_variance", Add<IntegerMoments>, Variance<IntegerMoments>},
    {"tql_integer_stddev", Add<IntegerMoments>, Stddev<IntegerMoments>},
    {"tql_variance", Add<RealMoments>, Variance<RealMoments>},
    {"tql_stddev", Add<RealMoments>, Stddev<RealMoments>},
};

}  // namespace

int RegisterStatistics(sqlite3* db, Running& running) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY;
  for (const AggregateEntry& entry : kAggregates) {
    const int code = sqlite3_create_function_v2(db, entry.name, 1, kFlags, &running, nullptr,
                                                entry.add, entry.result, nullptr);
    if (code != SQLITE_OK) return code;
  }
  return SQLITE_OK;
}

}  // namespace tql::storage::sqlite

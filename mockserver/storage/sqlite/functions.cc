#include "mockserver/storage/sqlite/functions.h"

#include <sqlite3.h>

#include <cmath>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/plan/number_text.h"
#include "mockserver/plan/temporal.h"
#include "mockserver/plan/type.h"
#include "mockserver/storage/sqlite/connection.h"

namespace tql::storage::sqlite {
namespace {

using plan::TypeKind;

void Fail(sqlite3_context* context, Status status) {
  static_cast<Connection*>(sqlite3_user_data(context))->SetFunctionError(status);
  sqlite3_result_error(context, "tql", -1);
}

bool AnyNull(int count, sqlite3_value** values) {
  for (int i = 0; i < count; ++i) {
    if (sqlite3_value_type(values[i]) == SQLITE_NULL) return true;
  }
  return false;
}

std::string_view TextOf(sqlite3_value* value) {
  const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
  return {text ? text : "", static_cast<std::size_t>(sqlite3_value_bytes(value))};
}

void ResultText(sqlite3_context* context, std::string_view text) {
  sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

// ---- Checked arithmetic
// --------------------------------------------------------------------------

using Checked = bool (*)(std::int64_t, std::int64_t, std::int64_t*);  // true: overflow
bool AddOverflow(std::int64_t a, std::int64_t b, std::int64_t* r) {
  return __builtin_add_overflow(a, b, r);
}
bool SubOverflow(std::int64_t a, std::int64_t b, std::int64_t* r) {
  return __builtin_sub_overflow(a, b, r);
}
bool MulOverflow(std::int64_t a, std::int64_t b, std::int64_t* r) {
  return __builtin_mul_overflow(a, b, r);
}

template <Checked op>
void Arithmetic(sqlite3_context* context, int count, sqlite3_value** values) {
  if (AnyNull(count, values)) return;
  std::int64_t result = sqlite3_value_int64(values[0]);
  for (int i = 1; i < count; ++i) {
    if (op(result, sqlite3_value_int64(values[i]), &result)) {
      Fail(context, OutOfRangeError("integer overflow"));
      return;
    }
  }
  sqlite3_result_int64(context, result);
}

template <bool absolute>
void Negate(sqlite3_context* context, int count, sqlite3_value** values) {
  if (AnyNull(count, values)) return;
  const std::int64_t value = sqlite3_value_int64(values[0]);
  if (value == std::numeric_limits<std::int64_t>::min()) {
    Fail(context, OutOfRangeError("integer overflow"));
    return;
  }
  sqlite3_result_int64(context, absolute && value > 0 ? value : -value);
}

void Modulo(sqlite3_context* context, int count, sqlite3_value** values) {
  if (AnyNull(count, values)) return;
  const double divisor = sqlite3_value_double(values[1]);
  if (divisor == 0) return;
  sqlite3_result_double(context, std::fmod(sqlite3_value_double(values[0]), divisor));
}

// ---- Dates
// ---------------------------------------------------------------------------------------

std::int64_t AbsDay(std::int64_t s) { return plan::DateOf(s) / plan::kSecondsPerDay; }
std::int64_t AbsMonth(std::int64_t s) {
  const plan::CivilTime c = plan::ToCivil(s);
  return std::int64_t{c.year} * 12 + c.month - 1;
}
std::int64_t AbsQuarter(std::int64_t s) {
  const plan::CivilTime c = plan::ToCivil(s);
  return std::int64_t{c.year} * 4 + (c.month - 1) / 3;
}
std::int64_t AbsYear(std::int64_t s) { return plan::ToCivil(s).year; }
std::int64_t DatePart(std::int64_t s) { return plan::DateOf(s); }
std::int64_t TimePart(std::int64_t s) { return plan::TimeOf(s); }

template <std::int64_t (*part)(std::int64_t)>
void OfSeconds(sqlite3_context* context, int count, sqlite3_value** values) {
  if (AnyNull(count, values)) return;
  sqlite3_result_int64(context, part(sqlite3_value_int64(values[0])));
}

// ---- Conversions
// ---------------------------------------------------------------------------------

Status CannotConvert(std::string_view text, TypeKind kind) {
  constexpr std::size_t kShown = 64;
  std::string shown(text.substr(0, kShown));
  if (text.size() > kShown) shown += "…";
  return InvalidArgumentError("'" + shown + "' cannot be converted to " +
                              std::string(plan::TypeName(kind)));
}

void ToText(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  const auto kind = static_cast<TypeKind>(sqlite3_value_int(values[1]));
  char buffer[plan::kMaxNumberText];
  switch (kind) {
    case TypeKind::kBool:
      return ResultText(context, sqlite3_value_int(values[0]) ? "true" : "false");
    case TypeKind::kInt:
    case TypeKind::kBigInt:
      return ResultText(context,
                        {buffer, plan::FormatInteger(sqlite3_value_int64(values[0]), buffer)});
    case TypeKind::kFloat:
      return ResultText(
          context,
          {buffer, plan::FormatFloat(static_cast<float>(sqlite3_value_double(values[0])), buffer)});
    case TypeKind::kDouble:
      return ResultText(context,
                        {buffer, plan::FormatDouble(sqlite3_value_double(values[0]), buffer)});
    case TypeKind::kDate:
    case TypeKind::kDateTime:
    case TypeKind::kTime:
      return ResultText(
          context, {buffer, plan::FormatTemporal(kind, sqlite3_value_int64(values[0]), buffer)});
    case TypeKind::kNull:
    case TypeKind::kVarchar:
      sqlite3_result_value(context, values[0]);
  }
}

std::optional<bool> ParseBool(std::string_view text) {
  const auto is = [&](std::string_view word) {
    return text.size() == word.size() &&
           sqlite3_strnicmp(text.data(), word.data(), static_cast<int>(word.size())) == 0;
  };
  if (is("true") || is("1")) return true;
  if (is("false") || is("0")) return false;
  return std::nullopt;
}

void Parse(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  const auto kind = static_cast<TypeKind>(sqlite3_value_int(values[1]));
  const std::string_view text = TextOf(values[0]);
  std::optional<std::int64_t> integer;
  if (plan::IsReal(kind)) {
    if (const std::optional<double> real = plan::ParseDouble(text)) {
      return sqlite3_result_double(context,
                                   kind == TypeKind::kFloat ? static_cast<float>(*real) : *real);
    }
  } else if (plan::IsTemporal(kind)) {
    integer = plan::ParseTemporal(kind, text);
  } else if (kind == TypeKind::kBool) {
    if (const std::optional<bool> value = ParseBool(text)) integer = *value ? 1 : 0;
  } else {
    integer = plan::ParseInteger(text);
    if (!integer) {
      if (const auto real = plan::ParseDouble(text)) integer = plan::RoundToInteger(*real);
    }
    if (integer && kind == TypeKind::kInt && *integer != static_cast<std::int32_t>(*integer)) {
      integer.reset();
    }
  }
  if (!integer) return Fail(context, CannotConvert(text, kind));
  sqlite3_result_int64(context, *integer);
}

void Narrow(sqlite3_context* context, int /*count*/, sqlite3_value** values) {
  if (sqlite3_value_type(values[0]) == SQLITE_NULL) return;
  const auto kind = static_cast<TypeKind>(sqlite3_value_int(values[1]));
  if (kind == TypeKind::kFloat) {
    return sqlite3_result_double(context, static_cast<float>(sqlite3_value_double(values[0])));
  }
  std::optional<std::int64_t> integer;
  if (sqlite3_value_type(values[0]) == SQLITE_INTEGER) {
    integer = sqlite3_value_int64(values[0]);
  } else {
    integer = plan::RoundToInteger(sqlite3_value_double(values[0]));
  }
  if (integer && kind == TypeKind::kInt && *integer != static_cast<std::int32_t>(*integer)) {
    integer.reset();
  }
  if (!integer) {
    return Fail(context, OutOfRangeError(std::string(TextOf(values[0])) + " is out of range for " +
                                         std::string(plan::TypeName(kind))));
  }
  sqlite3_result_int64(context, *integer);
}

// ---- Aggregates
// ----------------------------------------------------------------------------------

/// Welford's running variance.
struct Moments {
  std::int64_t count;
  double mean;
  double squares;
};

void MomentsStep(sqlite3_context* context, int count, sqlite3_value** values) {
  if (AnyNull(count, values)) return;
  auto* moments = static_cast<Moments*>(sqlite3_aggregate_context(context, sizeof(Moments)));
  if (moments == nullptr) return sqlite3_result_error_nomem(context);
  const double value = sqlite3_value_double(values[0]);
  ++moments->count;
  const double delta = value - moments->mean;
  moments->mean += delta / static_cast<double>(moments->count);
  moments->squares += delta * (value - moments->mean);
}

template <bool root>
void MomentsFinal(sqlite3_context* context) {
  const auto* moments = static_cast<const Moments*>(sqlite3_aggregate_context(context, 0));
  if (moments == nullptr || moments->count < 2) return;
  const double variance = moments->squares / static_cast<double>(moments->count - 1);
  sqlite3_result_double(context, root ? std::sqrt(variance) : variance);
}

struct Scalar {
  const char* name;
  int arguments;
  void (*function)(sqlite3_context*, int, sqlite3_value**);
};
constexpr Scalar kScalars[] = {
    {"tql_add", -1, Arithmetic<AddOverflow>},
    {"tql_sub", 2, Arithmetic<SubOverflow>},
    {"tql_mul", 2, Arithmetic<MulOverflow>},
    {"tql_neg", 1, Negate<false>},
    {"tql_abs", 1, Negate<true>},
    {"tql_mod", 2, Modulo},
    {"tql_absday", 1, OfSeconds<AbsDay>},
    {"tql_absmonth", 1, OfSeconds<AbsMonth>},
    {"tql_absquarter", 1, OfSeconds<AbsQuarter>},
    {"tql_absyear", 1, OfSeconds<AbsYear>},
    {"tql_date", 1, OfSeconds<DatePart>},
    {"tql_time", 1, OfSeconds<TimePart>},
    {"tql_text", 2, ToText},
    {"tql_parse", 2, Parse},
    {"tql_narrow", 2, Narrow},
};

}  // namespace

Status RegisterFunctions(Connection& connection) {
  constexpr int kFlags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
  int code = SQLITE_OK;
  for (const Scalar& scalar : kScalars) {
    code |= sqlite3_create_function_v2(connection.get(), scalar.name, scalar.arguments, kFlags,
                                       &connection, scalar.function, nullptr, nullptr, nullptr);
  }
  code |= sqlite3_create_function_v2(connection.get(), "tql_variance", 1, kFlags, &connection,
                                     nullptr, MomentsStep, MomentsFinal<false>, nullptr);
  code |= sqlite3_create_function_v2(connection.get(), "tql_stddev", 1, kFlags, &connection,
                                     nullptr, MomentsStep, MomentsFinal<true>, nullptr);
  return code == SQLITE_OK ? Status() : InternalError("cannot register the SQL functions");
}

}  // namespace tql::storage::sqlite

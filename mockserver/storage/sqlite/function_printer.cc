#include "mockserver/storage/sqlite/function_printer.h"

#include <string_view>

#include "mockserver/storage/sqlite/conversion_printer.h"
#include "mockserver/storage/sqlite/expr_printer.h"
#include "mockserver/values/type.h"

namespace tql::storage::sqlite {
namespace {

std::string_view NameOf(plan::Function function) {
  switch (function) {
    case plan::Function::kCoalesce:
      return "coalesce(";
    case plan::Function::kAbs:
      return "abs(";
    case plan::Function::kAbsDay:
      return "tql_absday(";
    case plan::Function::kAbsMonth:
      return "tql_absmonth(";
    case plan::Function::kAbsQuarter:
      return "tql_absquarter(";
    case plan::Function::kAbsYear:
      return "tql_absyear(";
    case plan::Function::kDate:
      return "tql_date(";
    case plan::Function::kTime:
      break;
  }
  return "tql_time(";
}

/// SQLite's sum() fails if an intermediate result overflows, and its avg() adds doubles.
std::string_view NameOf(plan::AggregateFunction function, bool of_integers) {
  switch (function) {
    case plan::AggregateFunction::kSum:
      return of_integers ? "tql_integer_sum(" : "sum(";
    case plan::AggregateFunction::kAvg:
      return of_integers ? "tql_integer_avg(" : "avg(";
    case plan::AggregateFunction::kMin:
      return "min(";
    case plan::AggregateFunction::kMax:
      return "max(";
    case plan::AggregateFunction::kStddev:
      return of_integers ? "tql_integer_stddev(" : "tql_stddev(";
    case plan::AggregateFunction::kVariance:
      return of_integers ? "tql_integer_variance(" : "tql_variance(";
    case plan::AggregateFunction::kCountRows:
    case plan::AggregateFunction::kCount:
      break;
  }
  return "count(";
}

}  // namespace

void AppendCall(const PrintContext& context, const plan::Call& call, const plan::Expr& expr) {
  // SQLite's abs() keeps the sign of -0.0; adding 0.0 removes it.
  const bool real_abs = call.function == plan::Function::kAbs && values::IsReal(expr.type.kind);
  if (real_abs) context.out.Append("(0.0 + ");
  context.out.Append(NameOf(call.function));
  AppendList(context, call.arguments);
  context.out.Append(real_abs ? "))" : ")");
}

void AppendAggregate(const PrintContext& context, const plan::Aggregate& aggregate,
                     const plan::Expr& expr) {
  SqlOutput& out = context.out;
  if (context.query != nullptr) context.query->has_aggregate = true;
  if (aggregate.function == plan::AggregateFunction::kCountRows) return out.Append("count(*)");
  const bool of_integers = values::IsInteger(aggregate.argument->type.kind);
  // tql_integer() reports the real that tql_integer_sum() returns on overflow.
  const bool check = of_integers && aggregate.function == plan::AggregateFunction::kSum;
  if (check) out.Append("tql_integer(");
  out.Append(NameOf(aggregate.function, of_integers));
  if (aggregate.distinct) out.Append("DISTINCT ");
  AppendExpr(context, *aggregate.argument, Level::kAny);
  out.Append(")");
  if (!check) return;
  out.Append(", ");
  out.AppendNumberOf(Describe(expr, out.relations()));
  out.Append(")");
}

}  // namespace tql::storage::sqlite

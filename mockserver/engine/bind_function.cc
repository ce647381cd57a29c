// Binding of functions and aggregates.
#include <algorithm>
#include <array>

#include "mockserver/engine/bind_expr.h"
#include "mockserver/engine/bind_types.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql::engine {
namespace {

using plan::AggregateFunction;
using plan::ExprPtr;
using plan::Function;
using values::Type;
using values::TypeKind;

struct FunctionEntry {
  std::string_view name;
  std::variant<Function, AggregateFunction> function;
};
constexpr std::array<FunctionEntry, 15> kFunctions = {{
    {"abs", Function::kAbs},
    {"absday", Function::kAbsDay},
    {"absmonth", Function::kAbsMonth},
    {"absquarter", Function::kAbsQuarter},
    {"absyear", Function::kAbsYear},
    {"coalesce", Function::kCoalesce},
    {"date", Function::kDate},
    {"time", Function::kTime},
    {"count", AggregateFunction::kCount},
    {"sum", AggregateFunction::kSum},
    {"avg", AggregateFunction::kAvg},
    {"min", AggregateFunction::kMin},
    {"max", AggregateFunction::kMax},
    {"stddev", AggregateFunction::kStddev},
    {"variance", AggregateFunction::kVariance},
}};

/// The type of an aggregate over values of type `argument`; nullopt if it does not accept them.
std::optional<Type> AggregateType(AggregateFunction function, const Type& argument) {
  const bool numeric = values::IsNumeric(argument.kind) || argument.kind == TypeKind::kNull;
  switch (function) {
    case AggregateFunction::kCountRows:
    case AggregateFunction::kCount:
      return Type{TypeKind::kBigInt};
    case AggregateFunction::kMin:
    case AggregateFunction::kMax:
      return argument;
    case AggregateFunction::kSum:
      if (!numeric) return std::nullopt;
      return Type{values::IsReal(argument.kind) ? TypeKind::kDouble : TypeKind::kBigInt};
    case AggregateFunction::kAvg:
    case AggregateFunction::kStddev:
    case AggregateFunction::kVariance:
      break;
  }
  if (!numeric) return std::nullopt;
  return Type{TypeKind::kDouble};
}

bool Has(const Scope& scope, plan::RelationId id) {
  return std::any_of(scope.relations.begin(), scope.relations.end(),
                     [id](const ScopeRelation& relation) { return relation.id() == id; });
}

/// Whether the expression refers to columns of outer queries but to none of its own query.
bool ReadsOuterAlone(ExprPtr& expr, const Scope& scope) {
  bool own = false;
  bool outer = false;
  const ExprVisitor look = [&](ExprPtr& e) {
    if (const auto* column = std::get_if<plan::ColumnRef>(&e->node)) {
      own = own || Has(scope, column->relation);
      for (const Scope* around = scope.outer; around != nullptr; around = around->outer) {
        outer = outer || Has(*around, column->relation);
      }
    }
    VisitChildren(*e, look);
  };
  look(expr);
  return outer && !own;
}

/// coalesce() is not documented for TQL but common. Its type is the widest of its arguments.
ExprResult BindCoalesce(BindState& state, const dialect::FunctionCall& node, Clause& clause) {
  if (node.args.empty()) return errors::ArgumentCount(node.name.text, 1);
  plan::Call call{Function::kCoalesce, {}};
  for (const dialect::Expr& arg : node.args) {
    TQL_ASSIGN_OR_RETURN(ExprPtr argument, BindExpr(state, arg, clause));
    call.arguments.push_back(std::move(argument));
  }
  std::vector<ExprPtr*> values;
  for (ExprPtr& argument : call.arguments) values.push_back(&argument);
  TQL_RETURN_IF_ERROR(Unify(state, values));
  if (call.arguments.size() == 1) return std::move(call.arguments.front());
  const Type type = call.arguments.front()->type;
  return MakeExpr(std::move(call), type);
}

ExprResult BindAggregate(BindState& state, const dialect::FunctionCall& node,
                         AggregateFunction function, Clause& clause) {
  if (clause.in_aggregate) return errors::NestedAggregate();
  if (!clause.aggregates) return errors::MisplacedAggregate(clause.name);
  clause.saw_aggregate = true;
  if (node.star) {
    if (function != AggregateFunction::kCount) return errors::MisplacedStar(node.name.text);
    return MakeExpr(plan::Aggregate{AggregateFunction::kCountRows, false, nullptr},
                    {TypeKind::kBigInt});
  }
  if (node.args.size() != 1) return errors::ArgumentCount(node.name.text, 1);
  clause.in_aggregate = true;
  ExprResult argument = BindExpr(state, node.args[0], clause);
  clause.in_aggregate = false;
  if (!argument.ok()) return argument;
  if (ReadsOuterAlone(*argument, *clause.scope)) return errors::OuterAggregate(node.name.text);
  const std::optional<Type> type = AggregateType(function, (*argument)->type);
  if (!type) return errors::BadArgument(node.name.text, (*argument)->type.kind);
  return MakeExpr(plan::Aggregate{function, node.distinct, *std::move(argument)}, *type);
}

/// Date functions accept dates, datetimes and constants that can be converted; time() also a time.
ExprResult BindScalar(BindState& state, const dialect::FunctionCall& node, Function function,
                      Clause& clause) {
  if (node.args.size() != 1) return errors::ArgumentCount(node.name.text, 1);
  TQL_ASSIGN_OR_RETURN(ExprPtr argument, BindExpr(state, node.args[0], clause));
  const TypeKind kind = argument->type.kind;
  Type type;
  if (function == Function::kAbs) {
    if (kind != TypeKind::kNull && !values::IsNumeric(kind)) {
      return errors::BadArgument(node.name.text, kind);
    }
    type.kind = values::IsReal(kind) ? TypeKind::kDouble : TypeKind::kBigInt;
    TQL_ASSIGN_OR_RETURN(argument, ConvertExpr(std::move(argument), type));
  } else {
    const bool constant = std::holds_alternative<plan::Literal>(argument->node);
    const bool of_time = kind == TypeKind::kTime && function == Function::kTime;
    const bool moment = kind == TypeKind::kDate || kind == TypeKind::kDateTime;
    if (!moment && !of_time && !(constant && kind != TypeKind::kTime)) {
      return errors::BadArgument(node.name.text, kind);
    }
    if (!moment && !of_time) {
      StatusOr<ExprPtr> converted = ConvertExpr(std::move(argument), {TypeKind::kDateTime});
      if (!converted.ok()) return converted;
      argument = *std::move(converted);
    }
    type.kind = function == Function::kDate   ? TypeKind::kDate
                : function == Function::kTime ? TypeKind::kTime
                                              : TypeKind::kBigInt;
  }
  plan::Call call{function, {}};
  call.arguments.push_back(std::move(argument));
  return MakeExpr(std::move(call), type);
}

}  // namespace

ExprResult BindFunction(BindState& state, const dialect::FunctionCall& node, Clause& clause) {
  const std::string name = base::Lower(node.name.text);
  const auto entry = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [&](const FunctionEntry& e) { return e.name == name; });
  if (entry == kFunctions.end()) return errors::UnknownFunction(node.name.text);
  if (const auto* aggregate = std::get_if<AggregateFunction>(&entry->function)) {
    return BindAggregate(state, node, *aggregate, clause);
  }
  if (node.star) return errors::MisplacedStar(name);
  if (node.distinct) return errors::MisplacedDistinct(name);
  const Function function = std::get<Function>(entry->function);
  return function == Function::kCoalesce ? BindCoalesce(state, node, clause)
                                         : BindScalar(state, node, function, clause);
}

}  // namespace tql::engine

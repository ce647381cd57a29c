// Calls, CAST and CASE.
#include <algorithm>

#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/keywords.h"
#include "mockserver/dialect/postgres/mapper.h"

namespace tql::dialect::postgres {

bool Mapper::MapCall(JsonValue call, Expr* out) {
  const std::size_t token = TokenOf(call);
  const JsonValue names = call["funcname"];
  // PostgreSQL turns trim(x) into btrim(x) and EXTRACT(YEAR FROM x) into a call with two arguments.
  const bool words = call["funcformat"].Is("COERCE_SQL_SYNTAX");
  if (words && (call["args"].size() != 1 || tokens_.Text(token + 1) != "(")) {
    return Unsupported(call, tokens_.IsWord(token, "at")        ? "AT TIME ZONE"
                             : tokens_.IsWord(token, "extract") ? "EXTRACT"
                                                                : "keywords between arguments");
  }
  if (!words && names.size() != 1) return Unsupported(call, "schema-qualified function names");
  if (!RefuseMembers(call, {{"over", "window functions (OVER)", "over"},
                            {"agg_within_group", "WITHIN GROUP", "within"},
                            {"agg_filter", "FILTER", "filter"},
                            {"agg_order", "ORDER BY in a call", "order"},
                            {"func_variadic", "VARIADIC", "variadic"}})) {
    return false;
  }
  FunctionCall result;
  result.name = NameAt(token, words ? JsonValue() : names.front()["String"]["sval"]);
  if (NeedsQuotes(result.name.text)) {
    return FailAt(PlaceOfNode(call),
                  WithFunctionAdvice("TQL has no function " + result.name.text, result.name.text));
  }
  result.name.quoted = false;  // Function names are never quoted.
  result.distinct = call["agg_distinct"].True();
  result.star = call["agg_star"].True();
  if (!MapList(call["args"], &result.args)) return false;
  ReachClose(token);
  const std::size_t begin = result.name.range.begin;
  *out = Expr{std::move(result), RangeFrom(begin)};
  return true;
}

bool Mapper::MapSpecialCall(JsonValue node, std::initializer_list<JsonValue> arguments, Expr* out) {
  const std::size_t token = TokenOf(node);
  FunctionCall call;
  call.name = {std::string(tokens_.Text(token)), false, tokens_.Range(token)};
  for (const JsonValue argument : arguments) {
    const bool node_itself = !argument.type().empty();
    if (node_itself ? !MapExpr(argument, &call.args.emplace_back())
                    : !MapList(argument, &call.args)) {
      return false;
    }
  }
  ReachClose(token);
  *out = Expr{std::move(call), RangeFrom(OffsetOf(node))};
  return true;
}

// CAST(x AS type), x::type, type 'x'.
bool Mapper::MapCast(JsonValue cast, Expr* out) {
  CastExpr result;
  const JsonValue type = cast["typeName"];
  const bool type_first = cast["location"].Number() < 0;
  if (type_first && !MapType(type, &result.type)) return false;
  if (!MapInto(cast["arg"], &result.operand)) return false;
  if (!type_first && !MapType(type, &result.type)) return false;
  std::size_t begin = std::min(result.operand->range.begin, result.type.range.begin);
  if (!type_first && OffsetOf(cast) < begin) {
    begin = OffsetOf(cast);
    ReachClose(tokens_.At(begin));
  }
  *out = Expr{std::move(result), RangeFrom(begin)};
  return true;
}

bool Mapper::MapCase(JsonValue expr, Expr* out) {
  const std::size_t begin = OffsetOf(expr);
  CaseExpr result;
  if (expr["arg"] && !MapInto(expr["arg"], &result.operand)) return false;
  for (const JsonValue item : expr["args"]) {
    const JsonValue when = item["CaseWhen"];
    if (!MapExpr(when["expr"], &result.conditions.emplace_back())) return false;
    if (!MapExpr(when["result"], &result.values.emplace_back())) return false;
  }
  if (expr["defresult"] && !MapInto(expr["defresult"], &result.otherwise)) return false;
  // END is the next word; only closing brackets can precede it.
  std::size_t end = tokens_.At(reached_);
  while (tokens_.Text(end) == ")") ++end;
  Reach(end);
  *out = Expr{std::move(result), RangeFrom(begin)};
  return true;
}

}  // namespace tql::dialect::postgres

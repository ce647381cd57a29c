// Names, types, constants.
#include <algorithm>
#include <array>
#include <charconv>

#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/keywords.h"
#include "mockserver/dialect/lexer.h"
#include "mockserver/dialect/postgres/mapper.h"
#include "proto/base/text.h"

namespace tql::dialect::postgres {
namespace {

// PostgreSQL's name of a type, the word in the text if it matters, and the dialect's type.
struct TypeRow {
  std::string_view name;
  std::string_view word;
  TypeKeyword keyword;
};
constexpr std::array<TypeRow, 18> kTypes = {{
    {"bool", "boolean", TypeKeyword::kBoolean},
    {"bool", "", TypeKeyword::kBool},
    {"int4", "integer", TypeKeyword::kInteger},
    {"int4", "", TypeKeyword::kInt},
    {"int32", "", TypeKeyword::kInt32},
    {"int8", "", TypeKeyword::kBigint},
    {"int64", "", TypeKeyword::kInt64},
    {"float4", "", TypeKeyword::kFloat},
    {"float8", "float", TypeKeyword::kFloat},
    {"float8", "", TypeKeyword::kDouble},
    {"double", "", TypeKeyword::kDouble},
    {"varchar", "", TypeKeyword::kVarchar},
    {"text", "", TypeKeyword::kVarchar},
    {"bpchar", "", TypeKeyword::kChar},
    {"date", "", TypeKeyword::kDate},
    {"datetime", "", TypeKeyword::kDatetime},
    {"timestamp", "", TypeKeyword::kTimestamp},
    {"time", "", TypeKeyword::kTime},
}};

// Whether PostgreSQL turns `word` into `name`: in lower case and cut to 63 bytes.
bool FoldsTo(std::string_view word, std::string_view name) {
  return base::StartsWithIgnoreCase(word, name);
}

}  // namespace

Name Mapper::NameAt(std::size_t token, JsonValue in_tree) {
  const std::string_view word = tokens_.Text(token);
  Name name{in_tree.Text(), false, tokens_.Range(token)};
  Reach(token);
  if (word.starts_with('"')) {
    name.text = Unquote(word);
    name.quoted = true;
  } else if (FoldsTo(word, name.text) || tokens_.IsWord(token, "time")) {  // See WithTimeCalls().
    name.text = word;
  }
  name.quoted = name.quoted || NeedsQuotes(name.text);
  return name;
}

bool Mapper::MapTable(JsonValue range_var, ObjectName* out, std::size_t* after) {
  if (!range_var["inh"].True()) return Unsupported(range_var, "ONLY");
  if (!range_var["relpersistence"].Is("p")) return Unsupported(range_var, "temporary tables");
  const std::size_t begin = OffsetOf(range_var);
  std::size_t token = tokens_.At(begin);
  for (const std::string_view part : {"catalogname", "schemaname", "relname"}) {
    const JsonValue name = range_var[part];
    if (!name) continue;
    out->parts.push_back(NameAt(token, name));
    token += 2;  // The name and a dot.
  }
  out->range = RangeFrom(begin);
  *after = token - 1;
  return true;
}

bool Mapper::MapAlias(JsonValue alias, std::size_t after, std::optional<Name>* out) {
  if (!alias) return true;
  if (alias["colnames"]) {
    return FailAt(tokens_.Range(after).begin, "TQL has no column aliases after a table alias");
  }
  if (tokens_.Text(after) == "*") ++after;  // `t *` is t and the tables that inherit from it.
  if (tokens_.IsWord(after, "as")) ++after;
  *out = NameAt(after, alias["aliasname"]);
  return true;
}

bool Mapper::MapType(JsonValue type, TypeName* out) {
  const std::size_t token = TokenOf(type);
  const JsonValue names = type["names"];
  std::string name;
  for (const JsonValue part : names) name = part["String"]["sval"].Text();
  const auto* const row = std::find_if(kTypes.begin(), kTypes.end(), [&](const TypeRow& candidate) {
    return candidate.name == name &&
           (candidate.word.empty() || tokens_.IsWord(token, candidate.word));
  });
  const bool system = names.size() == 2 && names.front()["String"]["sval"].Is("pg_catalog");
  if (row == kTypes.end() || (names.size() != 1 && !system) || type["arrayBounds"] ||
      type["setof"] || type["pct_type"]) {
    if (type["arrayBounds"]) return Unsupported(type, "arrays");
    if (name == "interval") return Unsupported(type, "INTERVAL");
    return FailAt(PlaceOfNode(type), NoSuchType(name));
  }
  out->keyword = row->keyword;
  Reach(tokens_.IsWord(token + 1, "precision") || tokens_.IsWord(token + 1, "varying") ? token + 1
                                                                                       : token);
  const JsonValue modifiers = type["typmods"];
  // CHAR alone is CHAR(1) in PostgreSQL: the implied length has no location.
  const bool written = modifiers && modifiers.front().body()["location"].Number() >= 0;
  if (written) {
    const bool text = row->keyword == TypeKeyword::kVarchar || row->keyword == TypeKeyword::kChar;
    if (!text || modifiers.size() != 1) {
      return Unsupported(type, "length or precision of this type");
    }
    if (!MapCount(modifiers.front(), &out->length)) return false;
    ReachClose(token);
  }
  out->range = RangeFrom(tokens_.Range(token).begin);
  return true;
}

bool Mapper::MapConstant(JsonValue constant, Expr* out) {
  Literal& literal = out->node.emplace<Literal>();
  const std::size_t begin = OffsetOf(constant);
  Reach(tokens_.At(begin));
  if (constant["ival"] || constant["fval"]) {
    MapNumber(tokens_.At(begin), &literal);
  } else if (const JsonValue text = constant["sval"]) {
    literal.kind = LiteralKind::kString;
    literal.text = text["sval"].Text();
  } else if (const JsonValue truth = constant["boolval"]) {
    literal.kind = truth["boolval"].True() ? LiteralKind::kTrue : LiteralKind::kFalse;
  } else if (!constant["isnull"].True()) {
    return Unsupported(constant, "strings of bits");
  }
  literal.range = out->range = RangeFrom(begin);
  return true;
}

// Reads the number from the text, because libpg_query 15-4.0.0 does not write negative integers
// into the tree. The minus signs before it belong to the number, even with brackets between them.
void Mapper::MapNumber(std::size_t token, Literal* out) {
  bool negative = false;
  for (; token < tokens_.size(); ++token) {
    const std::string_view text = tokens_.Text(token);
    if (text == "-") negative = !negative;
    if (text.find_first_of("0123456789") != std::string_view::npos) break;
  }
  Reach(token);
  out->text = (negative ? "-" : "") + std::string(tokens_.Text(token));
  const bool whole = out->text.find_first_not_of("-0123456789") == std::string::npos;
  out->kind = whole ? LiteralKind::kInteger : LiteralKind::kDecimal;
}

// A non-negative whole number.
bool Mapper::MapCount(JsonValue node, std::optional<std::int64_t>* out) {
  const JsonValue constant = node["A_Const"];
  if (constant["isnull"].True()) return true;  // LIMIT ALL
  Expr expr;
  if (constant && !MapConstant(constant, &expr)) return false;
  const Literal& literal = std::get<Literal>(expr.node);
  if (literal.kind != LiteralKind::kInteger || literal.text.front() == '-') {
    return FailAt(PlaceOfNode(node), "expected a whole number");
  }
  const char* const end = literal.text.data() + literal.text.size();
  if (std::from_chars(literal.text.data(), end, out->emplace()).ec != std::errc()) {
    return FailAt(OffsetOf(constant), "the number is too large");
  }
  return true;
}

}  // namespace tql::dialect::postgres

// SELECT, set operations, FROM.
#include "mockserver/dialect/postgres/mapper.h"
#include "mockserver/dialect/source_text.h"

namespace tql::dialect::postgres {
namespace {

constexpr std::string_view kSelect[] = {"select"};
// The keywords that end a select list.
constexpr std::string_view kEndOfList[] = {"from",   "into",   "where", "group",     "having",
                                           "window", "union",  "order", "intersect", "except",
                                           "limit",  "offset", "fetch", "for"};

bool IsSetOperation(JsonValue select) { return !select["op"].Is("SETOP_NONE"); }
// Whether it is a nested query even as an operand of a set operation.
bool HasTail(JsonValue select) {
  return select["sortClause"] || select["limitCount"] || select["limitOffset"] ||
         select["withClause"] || select["lockingClause"];
}

SetOp SetOpOf(JsonValue select) {
  const JsonValue op = select["op"];
  if (op.Is("SETOP_INTERSECT")) return SetOp::kIntersect;
  if (op.Is("SETOP_EXCEPT")) return SetOp::kExcept;
  return select["all"].True() ? SetOp::kUnionAll : SetOp::kUnion;
}

}  // namespace

// Returns the token of the query's first SELECT.
std::size_t Mapper::SelectToken(JsonValue select) const {
  while (select["larg"]) select = select["larg"];
  std::size_t token = TokenOf(select["targetList"].front()["ResTarget"]);
  while (token > 0 && !tokens_.IsKeyword(token, kSelect)) --token;
  return token;
}

// Whether the word after a bracket can be an alias rather than the next clause of the query.
bool Mapper::IsAlias(std::size_t token) const {
  const std::string_view text = tokens_.Text(token);
  return !text.empty() && text != ")" && text != "," && !tokens_.IsKeyword(token, kEndOfList);
}

bool Mapper::MapQuery(JsonValue select, bool into_allowed, Query* out) {
  const Nest nest(*this);
  if (nest.TooDeep()) return FailAt(FirstPlaceIn(select), TooDeepText(options_.max_depth));
  if (!RefuseWith(select) ||
      !RefuseMembers(select, {{"lockingClause", "FOR UPDATE and FOR SHARE", "for"},
                              {"limitOffset", "OFFSET", "offset"}})) {
    return false;
  }
  if (select["limitOption"].Is("LIMIT_OPTION_WITH_TIES")) {
    return UnsupportedWord(select, "ties", "WITH TIES");
  }
  if (!MapTerms(select, into_allowed, out)) return false;
  if (!MapOrder(select["sortClause"], &out->order_by)) return false;
  const JsonValue limit = select["limitCount"];
  const bool one_row = limit["A_Const"]["location"].Number() < 0;  // FETCH FIRST ROW ONLY
  if (one_row) out->limit = 1;
  if (limit && !one_row && !MapCount(limit, &out->limit)) return false;
  out->range = RangeFrom(tokens_.Range(SelectToken(select)).begin);
  return true;
}

// Maps operations of one group, which PostgreSQL nests to the left. Iterative.
bool Mapper::MapTerms(JsonValue select, bool into_allowed, Query* out) {
  std::vector<JsonValue> links;  // From the last operation to the first.
  const bool intersect = SetOpOf(select) == SetOp::kIntersect;
  while (IsSetOperation(select) && (SetOpOf(select) == SetOp::kIntersect) == intersect &&
         (links.empty() || !HasTail(select))) {
    links.push_back(select);
    select = select["larg"];
  }
  if (!links.empty()) {
    if (!MapTerm(select, into_allowed, &out->terms.emplace_back())) return false;
  } else {
    SelectCore core;
    if (!MapCore(select, into_allowed, &core)) return false;
    out->terms.emplace_back().select = std::move(core);
  }
  for (std::size_t i = links.size(); i-- > 0;) {
    const JsonValue link = links[i];
    const SetOp op = SetOpOf(link);
    if (link["all"].True() && op != SetOp::kUnionAll) {
      return Unsupported(link["rarg"], "INTERSECT ALL and EXCEPT ALL");
    }
    out->ops.push_back(op);
    if (!MapTerm(link["rarg"], /*into_allowed=*/false, &out->terms.emplace_back())) return false;
  }
  return true;
}

bool Mapper::MapTerm(JsonValue select, bool into_allowed, QueryTerm* out) {
  if (!IsSetOperation(select) && !HasTail(select)) {
    SelectCore core;
    if (!MapCore(select, into_allowed, &core)) return false;
    out->select = std::move(core);
    return true;
  }
  Query query;
  if (!MapQuery(select, /*into_allowed=*/false, &query)) return false;
  out->query = std::move(query);
  return true;
}

bool Mapper::MapCore(JsonValue select, bool into_allowed, SelectCore* out) {
  if (!RefuseMembers(select, {{"valuesLists", "VALUES as a query", ""},
                              {"windowClause", "window functions (WINDOW)", "window"},
                              {"groupDistinct", "GROUP BY DISTINCT", "group"}})) {
    return false;
  }
  if (!select["targetList"].front()) return Unsupported(select, "SELECT without columns");
  const JsonValue distinct = select["distinctClause"];
  if (distinct.front().body()) return Unsupported(distinct, "DISTINCT ON");
  out->distinct = static_cast<bool>(distinct);
  const std::size_t begin = tokens_.Range(SelectToken(select)).begin;
  for (const JsonValue target : select["targetList"]) {
    if (!MapSelectItem(target["ResTarget"], &out->items.emplace_back())) return false;
  }
  if (const JsonValue into = select["intoClause"]) {
    if (!into_allowed) return Unsupported(into, "INTO in this query");
    if (!select["fromClause"]) return Unsupported(into, "INTO without FROM");
    std::size_t after = 0;
    if (!MapTable(into["rel"], &out->into.emplace_back(), &after)) return false;
  }
  for (const JsonValue from : select["fromClause"]) {
    if (!MapFrom(from, &out->from.emplace_back())) return false;
  }
  const JsonValue where = select["whereClause"];
  const JsonValue having = select["havingClause"];
  if (where && !MapExpr(where, &out->where.emplace())) return false;
  if (!MapList(select["groupClause"], &out->group_by)) return false;
  if (having && !MapExpr(having, &out->having.emplace())) return false;
  out->range = RangeFrom(begin);
  return true;
}

// An item ends at a comma or at the clause after the list; its alias is its last token.
bool Mapper::MapSelectItem(JsonValue target, SelectItem* out) {
  const std::size_t begin = OffsetOf(target);
  const JsonValue value = target["val"];
  const JsonValue fields = value["ColumnRef"]["fields"];
  if (HasStar(fields)) {
    if (!MapParts(fields, begin, &out->star_qualifier)) return false;
  } else if (!MapExpr(value, &out->expr.emplace())) {
    return false;
  }
  std::size_t end = tokens_.At(begin);
  for (; end < tokens_.size(); end = tokens_.Close(end) + 1) {
    const std::string_view text = tokens_.Text(end);
    // IS DISTINCT FROM does not reach this point.
    if (text == "," || text == ")" || text == ";" || tokens_.IsKeyword(end, kEndOfList)) break;
  }
  if (const JsonValue alias = target["name"]) out->alias = NameAt(end - 1, alias);
  Reach(end - 1);
  out->range = RangeFrom(begin);
  return true;
}

// Maps joins, which PostgreSQL nests to the left. Iterative.
bool Mapper::MapFrom(JsonValue from, FromItem* out) {
  std::vector<JsonValue> joins;  // From the last one to the first.
  while (const JsonValue join = from["JoinExpr"]) {
    if (join["alias"]) return Unsupported(join, "alias of a join");
    joins.push_back(join);
    from = join["larg"];
  }
  if (!MapTableRef(from, &out->first)) return false;
  for (std::size_t i = joins.size(); i-- > 0;) {
    if (!MapJoin(joins[i], &out->joins.emplace_back())) return false;
  }
  return true;
}

bool Mapper::MapJoin(JsonValue join, Join* out) {
  if (join["isNatural"].True()) return UnsupportedWord(join, "natural", "NATURAL JOIN");
  if (join["usingClause"]) return UnsupportedWord(join, "using", "USING");
  const JsonValue kind = join["jointype"];
  const JsonValue on = join["quals"];
  if (kind.Is("JOIN_LEFT")) {
    out->kind = JoinKind::kLeft;
  } else if (kind.Is("JOIN_RIGHT")) {
    out->kind = JoinKind::kRight;
  } else if (kind.Is("JOIN_FULL")) {
    out->kind = JoinKind::kFull;
  } else {
    out->kind = on ? JoinKind::kInner : JoinKind::kCross;
  }
  if (!MapTableRef(join["rarg"], &out->right)) return false;
  const std::size_t begin = out->right.range.begin;
  if (on && !MapExpr(on, &out->on.emplace())) return false;
  out->range = RangeFrom(begin);
  return true;
}

bool Mapper::MapTableRef(JsonValue ref, TableRef* out) {
  const JsonValue table = ref["RangeVar"];
  const JsonValue derived = ref["RangeSubselect"];
  if (!table && !derived) return Unsupported(ref, ConstructName(ref.type()));
  std::size_t begin = 0;
  std::size_t after = tokens_.size();
  if (table) {
    if (!MapTable(table, &out->table, &after)) return false;
    begin = out->table.range.begin;
  } else {
    if (derived["lateral"].True()) return Unsupported(derived, "LATERAL");
    Query query;
    const JsonValue select = derived["subquery"]["SelectStmt"];
    if (!MapQuery(select, /*into_allowed=*/false, &query)) return false;
    out->query = std::move(query);
    // The sub-query's own bracket is the one before its first SELECT whose end the alias follows.
    std::size_t open = SelectToken(select);
    while (open > 0 && tokens_.Text(open - 1) == "(" && !IsAlias(after)) {
      after = tokens_.Close(--open) + 1;
    }
    begin = tokens_.Range(open).begin;
    Reach(after - 1);
  }
  if (!MapAlias((table ? table : derived)["alias"], after, &out->alias)) return false;
  out->range = RangeFrom(begin);
  return true;
}

bool Mapper::MapOrder(JsonValue order, std::vector<OrderItem>* out) {
  for (const JsonValue entry : order) {
    const JsonValue item = entry["SortBy"];
    if (!item["sortby_nulls"].Is("SORTBY_NULLS_DEFAULT")) {
      return UnsupportedWord(item, "nulls", "NULLS FIRST and NULLS LAST");
    }
    if (item["sortby_dir"].Is("SORTBY_USING"))
      return UnsupportedWord(item, "using", "ORDER BY with USING");
    OrderItem& mapped = out->emplace_back();
    if (!MapExpr(item["node"], &mapped.expr)) return false;
    mapped.descending = item["sortby_dir"].Is("SORTBY_DESC");
  }
  return true;
}

}  // namespace tql::dialect::postgres

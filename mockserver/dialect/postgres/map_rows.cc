// INSERT, UPDATE, DELETE.
#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/postgres/mapper.h"

namespace tql::dialect::postgres {

// Maps the table that a statement modifies.
bool Mapper::MapTarget(JsonValue relation, ObjectName* out) {
  std::size_t after = 0;
  if (!MapTable(relation, out, &after)) return false;
  if (!relation["alias"]) return true;
  return FailAt(tokens_.Range(after).begin,
                NoSuchConstruct("alias for the target table of INSERT, UPDATE or DELETE"));
}

bool Mapper::MapInsert(JsonValue insert, Insert* out) {
  if (!RefuseMembers(insert, {{"onConflictClause", "ON CONFLICT", ""},
                              {"returningList", "RETURNING", "returning"}})) {
    return false;
  }
  if (!insert["override"].Is("OVERRIDING_NOT_SET")) return Unsupported(insert, "OVERRIDING");
  if (!MapTarget(insert["relation"], &out->table)) return false;
  for (const JsonValue column : insert["cols"]) {
    const JsonValue target = column["ResTarget"];
    if (target["indirection"]) return Unsupported(target, "fields of a column");
    out->columns.push_back(NameAt(TokenOf(target), target["name"]));
  }
  const JsonValue source = insert["selectStmt"]["SelectStmt"];
  if (!source) return UnsupportedWord(insert, "default", "DEFAULT VALUES");
  const JsonValue rows = source["valuesLists"];
  const bool plain_rows = rows && !source["sortClause"] && !source["limitCount"] &&
                          !source["limitOffset"] && !source["withClause"];
  if (plain_rows) return MapRows(rows, &out->rows);
  Query query;
  if (!MapQuery(source, /*into_allowed=*/false, &query)) return false;
  out->query = std::move(query);
  return true;
}

bool Mapper::MapRows(JsonValue lists, ValueRows* out) {
  for (const JsonValue list : lists) {
    for (const JsonValue item : list["List"]["items"]) {
      Expr expr;
      if (!MapExpr(item, &expr)) return false;
      out->AddExpr(std::move(expr));
    }
    out->EndRow();
  }
  return true;
}

bool Mapper::MapUpdate(JsonValue update, Update* out) {
  if (!RefuseWith(update) ||
      !RefuseMembers(update, {{"fromClause", "FROM in an UPDATE", ""},
                              {"returningList", "RETURNING", "returning"}})) {
    return false;
  }
  if (!MapTarget(update["relation"], &out->table)) return false;
  for (const JsonValue item : update["targetList"]) {
    const JsonValue target = item["ResTarget"];
    if (target["indirection"]) return Unsupported(target, "fields of a column");
    Assignment& assignment = out->assignments.emplace_back();
    assignment.column = NameAt(TokenOf(target), target["name"]);
    if (!MapExpr(target["val"], &assignment.value)) return false;
  }
  const JsonValue where = update["whereClause"];
  return !where || MapExpr(where, &out->where.emplace());
}

bool Mapper::MapDelete(JsonValue del, Delete* out) {
  if (!RefuseWith(del) || !RefuseMembers(del, {{"usingClause", "USING in a DELETE", ""},
                                               {"returningList", "RETURNING", "returning"}})) {
    return false;
  }
  if (!MapTarget(del["relation"], &out->table)) return false;
  const JsonValue where = del["whereClause"];
  return !where || MapExpr(where, &out->where.emplace());
}

}  // namespace tql::dialect::postgres

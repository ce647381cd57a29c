#include "mockserver/dialect/postgres/mapper.h"

#include <algorithm>

#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/source_text.h"

namespace tql::dialect::postgres {

bool Mapper::FailAt(std::size_t offset, std::string message) {
  if (status_.ok()) status_ = ErrorAt(text_, offset, options_.origin, std::move(message));
  return false;
}

bool Mapper::Unsupported(JsonValue node, std::string_view construct) {
  return FailAt(PlaceOfNode(node), NoSuchConstruct(construct));
}

bool Mapper::UnsupportedWord(JsonValue node, std::string_view word, std::string_view construct) {
  const std::size_t first = FirstPlaceIn(node);
  std::size_t token = tokens_.At(first);
  while (token < tokens_.size() && !tokens_.IsWord(token, word)) ++token;
  const bool found = token < tokens_.size();
  return FailAt(found ? tokens_.Range(token).begin : first, NoSuchConstruct(construct));
}

bool Mapper::RefuseMembers(JsonValue node, std::initializer_list<Construct> constructs) {
  for (const Construct& construct : constructs) {
    const JsonValue member = node[construct.member];
    if (!member) continue;
    return construct.word.empty() ? Unsupported(member, construct.name)
                                  : UnsupportedWord(node, construct.word, construct.name);
  }
  return true;
}

// WITH may be the first word of the text; the tree does not contain location 0.
bool Mapper::RefuseWith(JsonValue node) {
  const JsonValue with = node["withClause"];
  return !with || FailAt(OffsetOf(with), NoSuchConstruct("WITH (common table expressions)"));
}

std::size_t Mapper::PlaceOfNode(JsonValue node) const {
  for (const JsonValue place : {node["location"], node.body()["location"]}) {
    if (place && place.Number() >= 0) return static_cast<std::size_t>(place.Number());
  }
  return FirstPlaceIn(node);
}

std::size_t Mapper::FirstPlaceIn(JsonValue node) const {
  const std::optional<std::int64_t> place = node.LeastWithin("location");
  return place ? static_cast<std::size_t>(*place) : tokens_.Range(0).begin;
}

std::size_t Mapper::OffsetOf(JsonValue node) const {
  return static_cast<std::size_t>(std::max<std::int64_t>(node["location"].Number(), 0));
}

void Mapper::Reach(std::size_t token) { reached_ = std::max(reached_, tokens_.Range(token).end); }

void Mapper::ReachClose(std::size_t token) {
  while (token < tokens_.size() && tokens_.Text(token) != "(") ++token;
  Reach(tokens_.Close(token));
}

SourceRange Mapper::RangeFrom(std::size_t begin) const {
  const auto first = static_cast<std::uint32_t>(begin);
  return {first, std::max(first, reached_)};
}

bool Mapper::MapStatement(JsonValue root, Statement* out) {
  const JsonValue statements = root["stmts"];
  const JsonValue node = statements.front()["stmt"];
  std::size_t last = tokens_.size();
  while (last > 0 && tokens_.Text(last - 1) == ";") --last;
  bool ok = false;
  if (statements.size() > 1) {
    const auto second = static_cast<std::size_t>((*++statements.begin())["stmt_location"].Number());
    return FailAt(tokens_.Range(tokens_.At(second)).begin, "a second statement begins here");
  }
  if (node.is("SelectStmt")) {
    ok = MapQuery(node.body(), /*into_allowed=*/true, &out->node.emplace<Select>().query);
  } else if (node.is("InsertStmt")) {
    ok = MapInsert(node.body(), &out->node.emplace<Insert>());
  } else if (node.is("UpdateStmt")) {
    ok = MapUpdate(node.body(), &out->node.emplace<Update>());
  } else if (node.is("DeleteStmt")) {
    ok = MapDelete(node.body(), &out->node.emplace<Delete>());
  } else {
    return Unsupported(node, "statement of this kind");
  }
  if (last > 0) Reach(last - 1);
  out->range = RangeFrom(tokens_.Range(0).begin);
  return ok;
}

}  // namespace tql::dialect::postgres

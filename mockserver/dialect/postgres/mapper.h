// Maps PostgreSQL's parse tree to the dialect's. Included only by the map_*.cc files and the
// parser.
#ifndef TQLKIT_MOCKSERVER_DIALECT_POSTGRES_MAPPER_H_
#define TQLKIT_MOCKSERVER_DIALECT_POSTGRES_MAPPER_H_

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/postgres/json_tree.h"
#include "mockserver/dialect/postgres/tokens.h"
#include "tql/status.h"

namespace tql::dialect::postgres {

/// Names are taken from the text, because the tree has them in lower case and cut to 63 bytes. A
/// range ends with the last token mapped so far, so everything is mapped in the order of the text.
///
/// Every Map… method fills `*out` and returns true, or sets the error and returns false.
class Mapper {
 public:
  Mapper(std::string_view text, const Tokens& tokens, const ParseOptions& options)
      : text_(text), tokens_(tokens), options_(options) {}

  /// `root` is the JSON that libpg_query made of the text.
  bool MapStatement(JsonValue root, Statement* out);
  Status status() const { return status_; }

 private:
  // mapper.cc: errors, places.
  bool FailAt(std::size_t offset, std::string message);
  /// Fails with NoSuchConstruct() at the node's place.
  bool Unsupported(JsonValue node, std::string_view construct);
  /// Likewise, at the first such word in or after the node, if the tree has no place for it.
  bool UnsupportedWord(JsonValue node, std::string_view word, std::string_view construct);
  struct Construct {
    std::string_view member;  // The member of the node that exists only for the construct.
    std::string_view name;
    std::string_view word;  // The word to report; empty if the member has a place.
  };
  /// Fails if the node has one of these constructs.
  bool RefuseMembers(JsonValue node, std::initializer_list<Construct> constructs);
  /// Fails if the query has a WITH.
  bool RefuseWith(JsonValue node);
  /// PlaceOfNode() returns a node's own place or else the first one within it, FirstPlaceIn() the
  /// first one within it. For errors only, as they may visit everything in the node.
  std::size_t PlaceOfNode(JsonValue node) const;
  std::size_t FirstPlaceIn(JsonValue node) const;
  /// A node's own place: that of its first token or of its operator.
  std::size_t OffsetOf(JsonValue node) const;
  std::size_t TokenOf(JsonValue node) const { return tokens_.At(OffsetOf(node)); }
  /// Extends RangeFrom() to the end of the token, unless it extends further already.
  void Reach(std::size_t token);
  /// Reaches the bracket that closes the first bracket opened at or after a token.
  void ReachClose(std::size_t token);
  SourceRange RangeFrom(std::size_t begin) const;

  // map_names.cc: names, types, constants.
  Name NameAt(std::size_t token, JsonValue in_tree);
  bool MapTable(JsonValue range_var, ObjectName* out, std::size_t* after);
  /// `after` is the token after the item that may have an alias.
  bool MapAlias(JsonValue alias, std::size_t after, std::optional<Name>* out);
  bool MapType(JsonValue type, TypeName* out);
  bool MapConstant(JsonValue constant, Expr* out);
  void MapNumber(std::size_t token, Literal* out);
  bool MapCount(JsonValue node, std::optional<std::int64_t>* out);

  // map_expr.cc: operators, columns.
  bool MapExpr(JsonValue value, Expr* out);
  bool MapNode(JsonValue value, Expr* out);
  bool MapInto(JsonValue value, Indirect<Expr>* out);
  bool MapList(JsonValue list, std::vector<Expr>* out);
  bool MapColumn(JsonValue column, Expr* out);
  bool MapValueWord(JsonValue node, Expr* out);
  bool MapParts(JsonValue fields, std::size_t first, ObjectName* out);
  bool MapOperator(JsonValue value, Expr* out);
  bool MapUnary(JsonValue expr, std::string_view op, Expr* out);
  bool NoOperator(JsonValue expr, std::string_view op);
  bool MapChain(JsonValue value, BinaryOp op, Expr* out);
  bool MapBool(JsonValue expr, Expr* out);

  // map_calls.cc: calls, CAST, CASE.
  bool MapCall(JsonValue call, Expr* out);
  /// Maps a function that has a node type of its own.
  bool MapSpecialCall(JsonValue node, std::initializer_list<JsonValue> arguments, Expr* out);
  bool MapCast(JsonValue cast, Expr* out);
  bool MapCase(JsonValue expr, Expr* out);

  // map_predicates.cc: IN, BETWEEN, LIKE, IS NULL, sub-queries.
  bool MapIn(JsonValue expr, Expr* out);
  bool MapBetween(JsonValue expr, bool negated, Expr* out);
  bool MapLike(JsonValue expr, Expr* out);
  bool MapIsNull(JsonValue test, Expr* out);
  bool MapSublink(JsonValue link, bool negated, Expr* out);

  // map_query.cc.
  bool MapQuery(JsonValue select, bool into_allowed, Query* out);
  bool MapTerms(JsonValue select, bool into_allowed, Query* out);
  bool MapTerm(JsonValue select, bool into_allowed, QueryTerm* out);
  bool MapCore(JsonValue select, bool into_allowed, SelectCore* out);
  bool MapSelectItem(JsonValue target, SelectItem* out);
  bool MapFrom(JsonValue from, FromItem* out);
  bool MapJoin(JsonValue join, Join* out);
  bool MapTableRef(JsonValue ref, TableRef* out);
  bool MapOrder(JsonValue order, std::vector<OrderItem>* out);
  std::size_t SelectToken(JsonValue select) const;
  bool IsAlias(std::size_t token) const;

  // map_rows.cc.
  bool MapInsert(JsonValue insert, Insert* out);
  bool MapRows(JsonValue lists, ValueRows* out);
  bool MapUpdate(JsonValue update, Update* out);
  bool MapDelete(JsonValue del, Delete* out);
  bool MapTarget(JsonValue relation, ObjectName* out);

  /// Counts one level of the tree during its lifetime.
  class Nest {
   public:
    explicit Nest(Mapper& mapper) : mapper_(mapper) { ++mapper_.depth_; }
    ~Nest() { --mapper_.depth_; }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;
    /// A bracket of the dialect may contain an expression of every precedence. All of them are one
    /// level of ParseOptions::max_depth but up to six levels of the tree.
    bool TooDeep() const { return mapper_.depth_ > 6 * mapper_.options_.max_depth; }

   private:
    Mapper& mapper_;
  };

  std::string_view text_;
  const Tokens& tokens_;
  const ParseOptions& options_;
  std::uint32_t reached_ = 0;
  int depth_ = 0;
  Status status_;
};

/// Whether the names of a column end with `*`.
bool HasStar(JsonValue fields);

/// The name in error messages of a node type without an equivalent in TQL, e.g. "arrays".
std::string_view ConstructName(std::string_view node_type);

}  // namespace tql::dialect::postgres

#endif  // TQLKIT_MOCKSERVER_DIALECT_POSTGRES_MAPPER_H_

// The parser: recursive descent with one token of lookahead. Included only by the parse_*.cc files.
#ifndef TQLKIT_MOCKSERVER_DIALECT_PARSER_IMPL_H_
#define TQLKIT_MOCKSERVER_DIALECT_PARSER_IMPL_H_

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/lexer.h"
#include "mockserver/dialect/parser.h"
#include "tql/status.h"

namespace tql::dialect::internal {

/// Constructs that an error may report as expected, besides tokens and keywords.
enum class Nonterminal : std::uint8_t {
  kStatement,
  kExpression,
  kOperator,
  kLiteral,
  kType,
  kName,
  kDatabase,
  kSchema,
  kTable,
  kLastTable,  // A table at the end of its statement.
  kColumn,
  kAlias,
  kHint,
};

/// Every Parse… method fills `*out` and returns true, or sets the error and returns false.
///
/// Is(x) only tests the current token. Accept(x) also consumes it, and Require(x) fails if it is
/// not x. At(x), Accept(x) and Require(x) record x as expected at this token if it is absent; an
/// error lists everything recorded at its token.
class Parser {
 public:
  Parser(std::string_view text, std::size_t offset, const ParseOptions& options);

  /// One statement up to its semicolon (consumed) or the end of the text.
  bool ParseStatement(Statement* out);
  bool ParseExpr(Expr* out) { return ParseChain(0, out); }
  /// Fails unless only semicolons follow.
  bool RequireEnd();
  /// The end of the last token consumed.
  std::size_t position() const { return previous_end_; }
  Status status() const { return status_; }

 private:
  // parser.cc: tokens, errors, names, literals.
  void Advance();
  bool Is(TokenKind kind) const { return token_.kind == kind; }
  bool Is(Keyword keyword) const { return token_.keyword == keyword; }
  bool NextIs(TokenKind kind) const { return next_.kind == kind; }
  bool NextIs(Keyword keyword) const { return next_.keyword == keyword; }
  template <typename T>
  bool At(T what) {
    if (Is(what)) return true;
    Expect(what);
    return false;
  }
  template <typename T>
  bool Accept(T what) {
    if (!At(what)) return false;
    Advance();
    return true;
  }
  template <typename T>
  bool Require(T what) {
    return Accept(what) || Fail();
  }
  template <typename T, typename U>
  bool Require(T first, U second) {
    return Require(first) && Require(second);
  }
  void Expect(TokenKind kind) { AddExpected(static_cast<std::uint16_t>(kTokenCode + int(kind))); }
  void Expect(Keyword keyword) { AddExpected(static_cast<std::uint16_t>(keyword)); }
  void Expect(Nonterminal nonterminal) {
    AddExpected(static_cast<std::uint16_t>(kNonterminalCode + int(nonterminal)));
  }
  void AddExpected(std::uint16_t code) {
    if (expected_count_ < expected_.size()) expected_[expected_count_++] = code;
  }
  /// Each sets the error unless one is set, and returns false. Fail() reports the current token.
  bool Fail();
  bool FailAt(std::size_t offset, std::string message);
  bool FailDepth();
  std::string DescribeFound() const;
  std::string DescribeExpected() const;

  std::string_view Text(const Token& token) const {
    return text_.substr(token.begin, token.end - token.begin);
  }
  SourceRange Range(const Token& token) const { return {token.begin, token.end}; }
  /// From `begin` to the end of the last token consumed.
  SourceRange RangeFrom(std::uint32_t begin) const { return {begin, previous_end_}; }

  bool IsName() const;
  /// `nonterminal` is what an error reports as expected.
  bool ParseName(Name* out, Nonterminal nonterminal = Nonterminal::kName);
  void ParseOptionalName(std::optional<Name>* out, Nonterminal nonterminal);
  bool ParseNames(std::vector<Name>* out);
  bool ParseObjectName(ObjectName* out, std::size_t max_parts, Nonterminal nonterminal);
  bool ParseTable(ObjectName* out) { return ParseObjectName(out, 3, Nonterminal::kTable); }
  bool ParseLastTable(ObjectName* out) { return ParseObjectName(out, 3, Nonterminal::kLastTable); }
  bool TakeDashes();
  bool ParseLiteral(Literal* out);
  bool ParseCount(std::int64_t* out);
  bool ParseType(TypeName* out);

  // parse_show.cc: SHOW, USE, SCRIPT.
  bool ParseShow(Statement::Node* out);
  bool ParseShowStatistics(Statement::Node* out);
  bool ParseUse(Statement::Node* out);
  bool ParseScript(Statement::Node* out);

  // parse_ddl.cc: CREATE, DROP, TRUNCATE, COMPACT and the parts of tables.
  bool ParseCreate(Statement::Node* out);
  bool ParseCreateTable(CreateTable* out);
  bool ParseDrop(Statement::Node* out);
  bool ParseCompact(Statement::Node* out);
  bool ParseColumnDef(ColumnDef* out);
  /// `*any` is false if no option follows.
  bool ParseColumnOption(ColumnDef* out, bool* any);
  bool ParseHint(std::optional<ParsingHint>* out);
  bool IsConstraint() const;
  bool ParseTableConstraint(TableConstraint* out);
  bool ParseForeignKey(ForeignKey* out);
  bool ParseRelationship(Relationship* out);
  bool ParsePartition(std::optional<Partition>* out);

  // parse_alter.cc.
  bool ParseAlter(AlterTable* out);
  bool ParseAlterAction(AlterAction* out);
  bool ParseAdd(AlterAction* out);
  bool ParseAlterDrop(AlterAction* out);
  bool ParseAlterSet(AlterAction* out);
  bool ParseModify(ModifyColumn* out);

  // parse_rows.cc: INSERT, UPDATE, DELETE.
  bool ParseInsert(Insert* out);
  bool ParseValueRow(ValueRows* out);
  bool ParseValue(ValueRows* out);
  bool ParseUpdate(Update* out);
  bool ParseDelete(Delete* out);
  bool ParseWhere(std::optional<Expr>* out);

  // parse_query.cc: SELECT and set operations.
  bool ParseQuery(Query* out, bool into_allowed);
  bool ParseQueryTail(Query* out);
  bool ParseIntersections(QueryTerm* out, bool into_allowed);
  bool ParseQueryTerm(QueryTerm* out, bool into_allowed);
  bool ParseSetOperations(Query* out);
  bool AcceptUnionOrExcept(SetOp* out);
  bool ParseSelectCore(SelectCore* out, bool into_allowed);
  bool ParseTopAndDistinct(SelectCore* out);
  bool ParseSelectItem(SelectItem* out);
  bool ParseStar(SelectItem* out, bool* is_star);
  bool ParseAlias(std::optional<Name>* out);
  bool ParseFromItem(FromItem* out);
  bool ParseTableRef(TableRef* out);
  bool ParseJoinKind(JoinKind* out, bool* is_join);
  bool ParseOrderBy(std::vector<OrderItem>* out);

  // parse_expr.cc.
  bool ParseChain(int level, Expr* out);
  bool ParseNot(Expr* out);
  bool ParseSum(Expr* out);
  bool ParseUnary(Expr* out);
  bool ParsePrimary(Expr* out);
  bool ParseLiteralExpr(Expr* out);
  bool ParseParenthesized(Expr* out);
  bool ParseCall(Expr* out);
  bool ParseCallArguments(FunctionCall* out);
  bool ParseColumnRef(Expr* out);
  bool ParseCast(Expr* out);
  bool ParseCase(Expr* out);
  bool ParseExists(Expr* out);
  bool ParseBracketedQuery(Indirect<Query>* out);
  /// Whether a token follows that makes the value in brackets before it the beginning of a query.
  bool QueryContinues() const;
  bool ParseRestOfQuery(std::uint32_t begin, Indirect<Query>* query);
  bool ParseExprList(std::vector<Expr>* out);

  // parse_predicate.cc: comparisons, IS NULL, IN, BETWEEN, LIKE.
  bool ParsePredicate(Expr* out);
  bool ParseComparison(BinaryOp op, Expr* out);
  bool ParseIsNull(Expr* out);
  bool ParseIn(bool negated, Expr* out);
  bool ParseInBrackets(InExpr* out);
  bool ParseBetween(bool negated, Expr* out);
  bool ParseLike(bool negated, Expr* out);

  /// Counts one level of nesting during its lifetime.
  class Nest {
   public:
    explicit Nest(Parser& parser) : parser_(parser) { ++parser_.depth_; }
    ~Nest() { --parser_.depth_; }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;
    bool TooDeep() const { return parser_.depth_ > parser_.options_.max_depth; }

   private:
    Parser& parser_;
  };

  // Codes in expected_: keywords from 0, token kinds from kTokenCode, nonterminals from
  // kNonterminalCode.
  static constexpr int kTokenCode = 256;
  static constexpr int kNonterminalCode = 512;

  std::string_view text_;
  const ParseOptions& options_;
  Lexer lexer_;
  Token token_;  // The current token.
  Token next_;   // The lookahead.
  std::uint32_t previous_end_ = 0;
  int depth_ = 0;
  std::array<std::uint16_t, 32> expected_;
  std::size_t expected_count_ = 0;
  std::string scratch_;  // The unquoted text of the value being added to ValueRows.
  Status status_;
};

/// Returns the type that a keyword names, or nullopt.
std::optional<TypeKeyword> FindType(Keyword keyword);

}  // namespace tql::dialect::internal

#endif  // TQLKIT_MOCKSERVER_DIALECT_PARSER_IMPL_H_

// The error messages of the parser.
#include <algorithm>

#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/parser_impl.h"
#include "mockserver/dialect/printer.h"
#include "mockserver/dialect/source_text.h"
#include "proto/base/utf8.h"

namespace tql::dialect::internal {
namespace {

constexpr std::size_t kExcerpt = 60;

std::string NonterminalText(Nonterminal nonterminal) {
  switch (nonterminal) {
    case Nonterminal::kStatement:
      return "a statement (SELECT, SHOW, CREATE, ALTER, DROP, INSERT, UPDATE, DELETE, TRUNCATE, "
             "COMPACT, USE, SCRIPT, HELP or EXIT)";
    case Nonterminal::kExpression:
      return "an expression";
    case Nonterminal::kOperator:
      return "an operator";
    case Nonterminal::kLiteral:
      return "a constant";
    case Nonterminal::kType:
      return "a type (" + std::string(TypeList()) + ")";
    case Nonterminal::kName:
      return "a name";
    case Nonterminal::kDatabase:
      return "a database name";
    case Nonterminal::kSchema:
      return "a schema name";
    case Nonterminal::kTable:
    case Nonterminal::kLastTable:
      return "a table name";
    case Nonterminal::kColumn:
      return "a column name";
    case Nonterminal::kAlias:
      return "an alias";
    case Nonterminal::kHint:
      return "[parsinghint=\"...\"]";
  }
  return "something else";
}

}  // namespace

bool Parser::FailAt(std::size_t offset, std::string message) {
  if (!status_.ok()) return false;  // Keep the first error.
  status_ = ErrorAt(text_, offset, options_.origin, std::move(message));
  return false;
}

bool Parser::Fail() {
  if (!status_.ok()) return false;
  // SQL of other databases has the most helpful messages, so look for it first.
  if (std::optional<SyntaxError> foreign =
          FindForeignSql(text_, token_.begin, Grammar::kTql, options_.rules);
      foreign && !(options_.placeholders && text_[foreign->offset] == '?')) {
    return FailAt(foreign->offset, std::move(foreign->message));
  }
  if (Is(TokenKind::kError)) return FailAt(token_.begin, DescribeLexError(text_, token_));
  return FailAt(token_.begin, "found " + DescribeFound() + ", expected " + DescribeExpected() +
                                  GuessKeyword(text_, token_.begin, options_.rules));
}

bool Parser::FailDepth() { return FailAt(token_.begin, TooDeepText(options_.max_depth)); }

std::string Parser::DescribeFound() const {
  const std::string text = base::Excerpt(Text(token_), kExcerpt);
  switch (token_.kind) {
    case TokenKind::kEnd:
      return std::string(TokenKindName(TokenKind::kEnd));
    case TokenKind::kString:
      return "the string " + text;
    case TokenKind::kQuotedName:
      return "the name " + text;
    case TokenKind::kInteger:
    case TokenKind::kDecimal:
      if (text == kPlaceholderText) break;
      return "the number " + text;
    default:
      break;
  }
  if (!IsReserved(token_.keyword)) return "'" + text + "'";
  // A reserved word where a name is allowed may have been meant as a name.
  const auto begin = expected_.begin();
  const bool name_expected = std::any_of(
      begin, begin + static_cast<std::ptrdiff_t>(expected_count_), [](std::uint16_t code) {
        const int nonterminal = code - kNonterminalCode;
        return nonterminal == static_cast<int>(Nonterminal::kExpression) ||
               (nonterminal >= static_cast<int>(Nonterminal::kName) &&
                nonterminal <= static_cast<int>(Nonterminal::kColumn));
      });
  std::string found = "'" + text + "'";
  if (name_expected) found += " (a reserved word; as a name write " + QuoteName(text) + ")";
  return found;
}

std::string Parser::DescribeExpected() const {
  std::string out;
  const auto item = [this](std::size_t i) -> std::string {
    const int code = expected_[i];
    if (code >= kNonterminalCode)
      return NonterminalText(static_cast<Nonterminal>(code - kNonterminalCode));
    const std::string_view text = code >= kTokenCode
                                      ? TokenKindName(static_cast<TokenKind>(code - kTokenCode))
                                      : KeywordUpper(static_cast<Keyword>(code));
    return std::string(text);
  };
  std::vector<std::string> items;
  for (std::size_t i = 0; i < expected_count_; ++i) {
    if (std::find(items.begin(), items.end(), item(i)) == items.end()) items.push_back(item(i));
  }
  if (items.empty()) return "something else";
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i != 0) out += i + 1 == items.size() ? " or " : ", ";
    out += items[i];
  }
  return out;
}

}  // namespace tql::dialect::internal

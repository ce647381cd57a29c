// The error messages of the parser.
#include <algorithm>

#include "mockserver/dialect/foreign_sql.h"
#include "mockserver/dialect/parser_impl.h"
#include "mockserver/dialect/printer.h"
#include "mockserver/dialect/source_text.h"
#include "mockserver/dialect/utf8.h"

namespace tql::dialect::internal {
namespace {

constexpr std::size_t kExcerpt = 60;

std::string NounText(Noun noun) {
  switch (noun) {
    case Noun::kStatement:
      return "a statement (SELECT, SHOW, CREATE, ALTER, DROP, INSERT, UPDATE, DELETE, TRUNCATE, "
             "COMPACT, USE, SCRIPT, HELP or EXIT)";
    case Noun::kExpression:
      return "an expression";
    case Noun::kOperator:
      return "an operator";
    case Noun::kLiteral:
      return "a constant";
    case Noun::kType:
      return "a type (" + std::string(TypeList()) + ")";
    case Noun::kName:
      return "a name";
    case Noun::kDatabase:
      return "a database name";
    case Noun::kSchema:
      return "a schema name";
    case Noun::kTable:
    case Noun::kLastTable:
      return "a table name";
    case Noun::kColumn:
      return "a column name";
    case Noun::kAlias:
      return "an alias";
    case Noun::kHint:
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
  if (std::optional<Mistake> foreign =
          FindForeignSql(text_, token_.begin, Grammar::kTql, options_.rules)) {
    return FailAt(foreign->offset, std::move(foreign->message));
  }
  if (Is(TokenKind::kError)) return FailAt(token_.begin, DescribeLexError(text_, token_));
  return FailAt(token_.begin, "found " + DescribeFound() + ", expected " + DescribeExpected() +
                                  GuessKeyword(text_, token_.begin, options_.rules));
}

bool Parser::FailDepth() { return FailAt(token_.begin, TooDeepText(options_.max_depth)); }

std::string Parser::DescribeFound() const {
  const std::string text = Excerpt(Text(token_), kExcerpt);
  switch (token_.kind) {
    case TokenKind::kEnd:
      return std::string(TokenKindName(TokenKind::kEnd));
    case TokenKind::kString:
      return "the string " + text;
    case TokenKind::kQuotedName:
      return "the name " + text;
    case TokenKind::kInteger:
    case TokenKind::kDecimal:
      return "the number " + text;
    default:
      break;
  }
  if (!IsReserved(token_.keyword)) return "'" + text + "'";
  // A reserved word where a name is allowed may have been meant as a name.
  const auto begin = expected_.begin();
  const bool name_expected = std::any_of(
      begin, begin + static_cast<std::ptrdiff_t>(expected_count_), [](std::uint16_t code) {
        const int noun = code - kNounCode;
        return noun == static_cast<int>(Noun::kExpression) ||
               (noun >= static_cast<int>(Noun::kName) && noun <= static_cast<int>(Noun::kColumn));
      });
  std::string found = "'" + text + "'";
  if (name_expected) found += " (a reserved word; as a name write " + QuoteName(text) + ")";
  return found;
}

std::string Parser::DescribeExpected() const {
  std::string out;
  const auto item = [this](std::size_t i) -> std::string {
    const int code = expected_[i];
    if (code >= kNounCode) return NounText(static_cast<Noun>(code - kNounCode));
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

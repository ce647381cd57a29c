#include "mockserver/testdouble/like_pattern.h"

#include <algorithm>
#include <utility>

#include "mockserver/dialect/lexer.h"
#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/printer.h"
#include "mockserver/testdouble/checks.h"
#include "proto/base/text.h"

namespace tql::testdouble {
namespace {

using dialect::LiteralKind;

/// Literals that an explanation names.
constexpr std::size_t kMostDifferences = 10;

bool IsNumber(const dialect::Literal& literal) {
  return literal.kind == LiteralKind::kInteger || literal.kind == LiteralKind::kDecimal;
}

bool SameLiteral(const dialect::Literal& a, const dialect::Literal& b) {
  if (a.kind != b.kind) return false;
  return IsNumber(a) ? base::EqualsIgnoreCase(a.text, b.text) : a.text == b.text;
}

/// A ?, or -? as the parser reads it.
bool IsPlaceholder(const dialect::Literal& literal) {
  return literal.kind == LiteralKind::kInteger && literal.text.ends_with(dialect::kPlaceholderText);
}

/// The names of the tables without schema and database, in lower case.
std::string ShortNames(const std::vector<TableName>& tables) {
  std::string names;
  for (const TableName& table : tables) names += (names.empty() ? "" : ", ") + table.table;
  return names.empty() ? "no table" : base::Lower(names);
}

}  // namespace

LiteralPattern::LiteralPattern(std::string text) : text_(std::move(text)), value_(text_) {
  const bool quoted = text_.size() > 1 && text_.front() == '\'' && text_.back() == '\'';
  if (quoted) {
    kind_ = LiteralKind::kString;
    value_ = dialect::Unquote(text_);
    return;
  }
  for (const auto kind : {LiteralKind::kNull, LiteralKind::kTrue, LiteralKind::kFalse}) {
    if (!base::EqualsIgnoreCase(text_, dialect::Print(dialect::Literal{kind, "", {}}))) continue;
    kind_ = kind;
    value_.clear();
  }
}

bool LiteralPattern::Matches(const dialect::Literal& literal) const {
  if (text_ == "*") return true;
  if (kind_) return literal.kind == *kind_ && literal.text == value_;
  if (IsNumber(literal)) return base::EqualsIgnoreCase(literal.text, value_);
  return literal.kind == LiteralKind::kString && literal.text == value_;
}

bool LikePattern::Constant::Matches(const dialect::Literal& found) const {
  if (!IsPlaceholder(literal)) return SameLiteral(literal, found);
  const bool negative = literal.text.starts_with('-');
  if (negative && !(IsNumber(found) && found.text.starts_with('-'))) return false;
  return !pattern || pattern->Matches(found);
}

std::string LikePattern::Constant::Text() const {
  return pattern ? pattern->text() : dialect::Print(literal);
}

StatusOr<LikePattern> LikePattern::Compile(const std::string& text,
                                           const std::vector<LiteralPattern>& literals,
                                           std::string_view like_path,
                                           std::string_view literal_path) {
  if (Status status = CheckLength(text, like_path); !status.ok()) return status;
  const auto parsed = dialect::ParseStatement(text, {.placeholders = true});
  if (!parsed.ok()) {
    const Status status = parsed.status();
    std::string place;
    if (const TextPlace* at = status.place()) {
      place = "line " + std::to_string(at->line) + ", column " + std::to_string(at->column) + ": ";
    }
    return ErrorAt(like_path, place + status.message());
  }
  Facts facts;
  facts.statement = &*parsed;
  LikePattern pattern;
  pattern.facts_ = facts.Derive();
  pattern.kind_bit_ = facts.kind_bit();
  if (pattern.facts_.shape.truncated) return ErrorAt(like_path, "the statement is too long");
  std::size_t placeholders = 0;
  for (dialect::Literal& literal : pattern.facts_.shape.literals) {
    Constant& constant = pattern.constants_.emplace_back();
    constant.literal = std::move(literal);
    if (!IsPlaceholder(constant.literal)) continue;
    if (placeholders < literals.size()) constant.pattern = literals[placeholders];
    ++placeholders;
  }
  if (!literals.empty() && literals.size() != placeholders) {
    return ErrorAt(literal_path, "found " + std::to_string(literals.size()) +
                                     " literals, expected " + std::to_string(placeholders) +
                                     ", one for each ? of `like`");
  }
  return pattern;
}

bool LikePattern::Matches(const Facts& facts) const {
  if (facts.kind_bit() != kind_bit_) return false;
  const dialect::Shape& shape = facts.shape();
  return !shape.truncated && shape.text == facts_.shape.text &&
         std::equal(constants_.begin(), constants_.end(), shape.literals.begin(),
                    shape.literals.end(),
                    [](const Constant& a, const dialect::Literal& b) { return a.Matches(b); });
}

std::vector<LikePattern::Difference> LikePattern::Differences(const Facts& facts) const {
  const std::string tables = ShortNames(facts_.tables);
  const std::string found_tables = ShortNames(facts.tables());
  const dialect::Shape& shape = facts.shape();
  if (facts.kind_bit() != kind_bit_) {
    return {{"kind", std::string(facts_.kind), std::string(facts.kind())}};
  }
  if (tables != found_tables) return {{"table", tables, found_tables}};
  if (shape.text != facts_.shape.text) return {{"shape", facts_.shape.text, shape.text}};
  std::vector<Difference> differences;
  for (std::size_t i = 0; i < std::min(constants_.size(), shape.literals.size()) &&
                          differences.size() < kMostDifferences;
       ++i) {
    if (constants_[i].Matches(shape.literals[i])) continue;
    differences.push_back({"literal " + std::to_string(i + 1), constants_[i].Text(),
                           dialect::Print(shape.literals[i])});
  }
  return differences;
}

}  // namespace tql::testdouble

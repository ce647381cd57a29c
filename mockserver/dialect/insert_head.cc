#include "mockserver/dialect/insert_head.h"

#include "mockserver/dialect/chars.h"
#include "mockserver/dialect/lexer.h"
#include "mockserver/dialect/literal_scan.h"
#include "mockserver/dialect/parser.h"
#include "proto/base/text.h"

namespace tql::dialect {
namespace {

std::optional<LiteralKind> KindOfWord(std::string_view word) {
  if (base::EqualsIgnoreCase(word, "null")) return LiteralKind::kNull;
  if (base::EqualsIgnoreCase(word, "true")) return LiteralKind::kTrue;
  if (base::EqualsIgnoreCase(word, "false")) return LiteralKind::kFalse;
  return std::nullopt;
}

/// Whether the text ends with VALUES: the next bracket begins a row, not a value in brackets.
bool EndsWithValues(std::string_view text) {
  constexpr std::string_view kValues = "values";
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  if (text.size() < kValues.size()) return false;
  return base::EqualsIgnoreCase(text.substr(text.size() - kValues.size()), kValues);
}

/// Reads `(literal, …), …` up to the end of the text.
class RowReader {
 public:
  RowReader(std::string_view text, std::size_t begin) : text_(text), pos_(begin) {}

  bool Read(ValueRows& rows) {
    do {
      if (!Accept('(')) return false;
      do {
        if (!ReadValue(rows)) return false;
      } while (Accept(','));
      rows.EndRow();
      if (!Accept(')')) return false;
    } while (Accept(','));
    SkipBlanks();
    return pos_ == text_.size();
  }

 private:
  char At(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  void SkipBlanks() {
    while (IsBlank(At(pos_))) ++pos_;
  }
  bool Accept(char c) {
    SkipBlanks();
    if (At(pos_) != c) return false;
    ++pos_;
    return true;
  }

  bool ReadValue(ValueRows& rows) {
    SkipBlanks();
    const std::size_t begin = pos_;
    if (IsLetter(At(pos_))) return ReadWord(rows);
    const bool minus = At(pos_) == '-';
    const std::optional<ScannedLiteral> literal = ScanLiteralAt(text_, begin + (minus ? 1 : 0));
    if (!literal || (minus && literal->kind == LiteralKind::kString)) return false;
    pos_ = literal->end;
    std::string_view value = text_.substr(begin, pos_ - begin);
    if (literal->kind == LiteralKind::kString) {
      value = literal->doubled ? std::string_view(unquoted_ = Unquote(value))
                               : value.substr(1, value.size() - 2);
    }
    rows.AddLiteral(literal->kind, value, RangeFrom(begin));
    return true;
  }

  bool ReadWord(ValueRows& rows) {
    const std::size_t begin = pos_;
    while (IsWordChar(At(pos_))) ++pos_;
    const auto kind = KindOfWord(text_.substr(begin, pos_ - begin));
    if (kind) rows.AddLiteral(*kind, {}, RangeFrom(begin));
    return kind.has_value();
  }

  SourceRange RangeFrom(std::size_t begin) const {
    return {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(pos_)};
  }

  const std::string_view text_;
  std::size_t pos_;
  std::string unquoted_;
};

}  // namespace

std::optional<InsertHead> InsertHead::Of(std::string_view text, const Insert& insert) {
  if (insert.rows.empty() || insert.rows.row(0).empty()) return std::nullopt;
  std::size_t end = insert.rows.row(0).front().range.begin;
  while (end > 0 && IsBlank(text[end - 1])) --end;
  if (end == 0 || text[end - 1] != '(' || !EndsWithValues(text.substr(0, end - 1))) {
    return std::nullopt;
  }
  Insert head;
  head.table = insert.table;
  head.columns = insert.columns;
  Statement statement{std::move(head), {}};
  return InsertHead(std::string(text.substr(0, end - 1)), std::move(statement),
                    insert.rows.value_count());
}

std::optional<ValueRows> InsertHead::RowsOf(std::string_view text) const {
  if (!text.starts_with(text_) || text.size() > ParseOptions().max_bytes) return std::nullopt;
  if (CheckText(text).kind == TokenKind::kError) return std::nullopt;
  ValueRows rows;
  rows.Reserve(values_, text.size() - text_.size());
  if (!RowReader(text, text_.size()).Read(rows)) return std::nullopt;
  return rows;
}

}  // namespace tql::dialect

// The rows of INSERT … VALUES, packed: a statement may carry millions of values.
#ifndef TQLKIT_MOCKSERVER_DIALECT_VALUE_ROWS_H_
#define TQLKIT_MOCKSERVER_DIALECT_VALUE_ROWS_H_

#include <cstddef>
#include <span>

#include "mockserver/dialect/ast_expr.h"

namespace tql::dialect {

/// A table of values, row after row; rows may differ in length. A constant costs about 20 bytes
/// beside its text; other expressions are ordinary Exprs. The views and pointers handed out are
/// valid until the next change of the object.
class ValueRows {
 public:
  /// One value. A handle: text() and expr() of its ValueRows say more.
  class Cell {
   public:
    SourceRange range;
    bool is_literal() const { return is_literal_; }
    /// Only when is_literal().
    LiteralKind kind() const { return kind_; }

   private:
    friend class ValueRows;
    std::uint32_t start_ = 0;  // Of the text in texts_; or the index in exprs_.
    std::uint32_t size_ = 0;
    LiteralKind kind_ = LiteralKind::kNull;
    bool is_literal_ = true;
  };

  std::size_t row_count() const { return row_ends_.size(); }
  bool empty() const { return row_ends_.empty(); }
  std::size_t value_count() const { return cells_.size(); }
  /// The values of row i, i < row_count().
  std::span<const Cell> row(std::size_t i) const {
    const std::size_t begin = i == 0 ? 0 : row_ends_[i - 1];
    return std::span(cells_).subspan(begin, row_ends_[i] - begin);
  }
  /// The text of a literal, as in Literal::text.
  std::string_view text(const Cell& cell) const {
    return std::string_view(texts_).substr(cell.start_, cell.size_);
  }
  /// The expression of a cell that is no literal.
  const Expr& expr(const Cell& cell) const { return exprs_[cell.start_]; }
  /// Either, as an Expr of its own.
  Expr ToExpr(const Cell& cell) const;

  /// Append to the row that EndRow() will close. All texts together must stay below 4 GiB.
  void AddLiteral(LiteralKind kind, std::string_view text, SourceRange range);
  void AddExpr(Expr expr);
  void EndRow() { row_ends_.push_back(cells_.size()); }

  /// Whether both hold equal values in rows of equal lengths.
  friend bool operator==(const ValueRows& a, const ValueRows& b);

 private:
  std::vector<Cell> cells_;
  std::vector<std::size_t> row_ends_;
  std::string texts_;
  std::vector<Expr> exprs_;
};

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_VALUE_ROWS_H_

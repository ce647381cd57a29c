// The rows of INSERT … VALUES in a packed form, because a statement may have millions of values.
#ifndef TQLKIT_MOCKSERVER_DIALECT_VALUE_ROWS_H_
#define TQLKIT_MOCKSERVER_DIALECT_VALUE_ROWS_H_

#include <cstddef>
#include <span>

#include "mockserver/dialect/ast_expr.h"

namespace tql::dialect {

/// A table of values, stored row by row; rows may differ in length. A constant takes about 20 bytes
/// plus its text; other expressions are ordinary Exprs. Views and pointers that it returns are
/// valid until the object is next modified.
class ValueRows {
 public:
  /// A handle of one value, for text() and expr() of its ValueRows.
  class Cell {
   public:
    SourceRange range;
    bool is_literal() const { return is_literal_; }
    /// Requires is_literal().
    LiteralKind kind() const { return kind_; }

   private:
    friend class ValueRows;
    std::uint32_t start_ = 0;  // The offset in texts_ or the index in exprs_.
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
  /// The expression of a cell that is not a literal.
  const Expr& expr(const Cell& cell) const { return exprs_[cell.start_]; }
  /// The value of any cell as an Expr.
  Expr ToExpr(const Cell& cell) const;

  /// Reserves memory for that many more values, and for literals of that many bytes in all.
  void Reserve(std::size_t values, std::size_t bytes) {
    cells_.reserve(cells_.size() + values);
    texts_.reserve(texts_.size() + bytes);
  }
  /// Append to the current row, which EndRow() completes. All texts together must be below 4 GiB.
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

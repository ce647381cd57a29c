#include "mockserver/dialect/value_rows.h"

namespace tql::dialect {

Expr ValueRows::ToExpr(const Cell& cell) const {
  if (!cell.is_literal()) return expr(cell);
  return Expr{Literal{cell.kind(), std::string(text(cell)), cell.range}, cell.range};
}

void ValueRows::AddLiteral(LiteralKind kind, std::string_view text, SourceRange range) {
  Cell& cell = cells_.emplace_back();
  cell.range = range;
  cell.kind_ = kind;
  cell.start_ = static_cast<std::uint32_t>(texts_.size());
  cell.size_ = static_cast<std::uint32_t>(text.size());
  texts_ += text;
}

void ValueRows::AddExpr(Expr expr) {
  if (const Literal* literal = expr.as<Literal>()) {
    AddLiteral(literal->kind, literal->text, expr.range);
    return;
  }
  Cell& cell = cells_.emplace_back();
  cell.range = expr.range;
  cell.is_literal_ = false;
  cell.start_ = static_cast<std::uint32_t>(exprs_.size());
  exprs_.push_back(std::move(expr));
}

bool operator==(const ValueRows& a, const ValueRows& b) {
  if (a.row_ends_ != b.row_ends_) return false;
  for (std::size_t i = 0; i < a.cells_.size(); ++i) {
    const ValueRows::Cell& x = a.cells_[i];
    const ValueRows::Cell& y = b.cells_[i];
    if (x.is_literal() != y.is_literal()) return false;
    if (x.is_literal() ? x.kind() != y.kind() || a.text(x) != b.text(y) : a.expr(x) != b.expr(y)) {
      return false;
    }
  }
  return true;
}

}  // namespace tql::dialect

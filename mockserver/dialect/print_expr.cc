#include <variant>

#include "mockserver/dialect/keywords.h"
#include "mockserver/dialect/printer_impl.h"

namespace tql::dialect::internal {
namespace {

enum Precedence : int { kOr = 1, kAnd, kNot, kPredicate, kSum, kProduct, kUnary, kPrimary };

int PrecedenceOf(const OperatorExpr& chain) {
  switch (chain.ops.front()) {
    case BinaryOp::kOr:
      return kOr;
    case BinaryOp::kAnd:
      return kAnd;
    case BinaryOp::kAdd:
    case BinaryOp::kSubtract:
    case BinaryOp::kConcat:
      return kSum;
    case BinaryOp::kMultiply:
    case BinaryOp::kDivide:
    case BinaryOp::kModulo:
      return kProduct;
    default:
      return kPredicate;
  }
}

int PrecedenceOf(const Expr& expr) {
  if (const auto* chain = expr.as<OperatorExpr>()) return PrecedenceOf(*chain);
  if (const auto* unary = expr.as<UnaryExpr>()) {
    return unary->op == UnaryOp::kNot ? kNot : kUnary;
  }
  const bool predicate = expr.as<InExpr>() != nullptr || expr.as<BetweenExpr>() != nullptr ||
                         expr.as<LikeExpr>() != nullptr || expr.as<IsNullExpr>() != nullptr;
  return predicate ? kPredicate : kPrimary;
}

}  // namespace

void Printer::AddQuoted(std::string_view text, char quote) {
  out_ += quote;
  for (const char c : text) {
    if (c == quote) out_ += quote;
    out_ += c;
  }
  out_ += quote;
}

void Printer::Print(const Name& name) {
  if (name.quoted || NeedsQuotes(name.text)) {
    AddQuoted(name.text, '"');
  } else {
    Add(name.text);
  }
}

void Printer::Print(const ObjectName& name) {
  std::string_view separator;
  for (const Name& part : name.parts) {
    Add(separator);
    Print(part);
    separator = ".";
  }
}

void Printer::Print(const TypeName& type) {
  Add(TypeKeywordName(type.keyword));
  if (type.length) {
    Add("(");
    Add(std::to_string(*type.length));
    Add(")");
  }
}

void Printer::PrintLiteral(LiteralKind kind, std::string_view text) {
  switch (kind) {
    case LiteralKind::kNull:
      Add("NULL");
      break;
    case LiteralKind::kTrue:
      Add("TRUE");
      break;
    case LiteralKind::kFalse:
      Add("FALSE");
      break;
    case LiteralKind::kInteger:
    case LiteralKind::kDecimal:
      Add(text);
      break;
    case LiteralKind::kString:
      AddQuoted(text, '\'');
      break;
  }
}

void Printer::Print(const Expr& expr) {
  std::visit([this](const auto& node) { PrintNode(node); }, expr.node);
}

void Printer::PrintOperand(const Expr& expr, int precedence) {
  if (PrecedenceOf(expr) >= precedence) {
    Print(expr);
  } else {
    Add("(");
    Print(expr);
    Add(")");
  }
}

void Printer::PrintNode(const UnaryExpr& unary) {
  if (unary.op == UnaryOp::kNot) {
    Add("NOT ");
    PrintOperand(*unary.operand, kNot);
    return;
  }
  Add("-");
  const std::size_t start = out_.size();
  PrintOperand(*unary.operand, kUnary);
  if (out_[start] == '-') out_.insert(start, 1, ' ');  // `--` would begin a comment.
}

// An operand of the same precedence was in brackets; otherwise it would be part of the chain.
void Printer::PrintNode(const OperatorExpr& chain) {
  const int precedence = PrecedenceOf(chain) + 1;
  PrintOperand(chain.operands.front(), precedence);
  for (std::size_t i = 0; i < chain.ops.size(); ++i) {
    Add(" ");
    Add(BinaryOpName(chain.ops[i]));
    Add(" ");
    PrintOperand(chain.operands[i + 1], precedence);
  }
}

void Printer::PrintNode(const FunctionCall& call) {
  Print(call.name);
  Add("(");
  if (call.star) Add("*");
  if (call.distinct) Add("DISTINCT ");
  PrintList(call.args);
  Add(")");
}

void Printer::PrintNode(const CastExpr& cast) {
  Add("CAST(");
  Print(*cast.operand);
  Add(" AS ");
  Print(cast.type);
  Add(")");
}

void Printer::PrintNode(const CaseExpr& expr) {
  Add("CASE");
  if (expr.operand) PrintNamed(" ", *expr.operand);
  for (std::size_t i = 0; i < expr.conditions.size(); ++i) {
    PrintNamed(" WHEN ", expr.conditions[i]);
    PrintNamed(" THEN ", expr.values[i]);
  }
  if (expr.otherwise) PrintNamed(" ELSE ", *expr.otherwise);
  Add(" END");
}

void Printer::PrintNode(const InExpr& in) {
  PrintOperand(*in.operand, kSum);
  Add(in.negated ? " NOT IN (" : " IN (");
  if (in.query) {
    Print(*in.query);
  } else {
    PrintList(in.list);
  }
  Add(")");
}

void Printer::PrintNode(const BetweenExpr& between) {
  PrintOperand(*between.operand, kSum);
  Add(between.negated ? " NOT BETWEEN " : " BETWEEN ");
  PrintOperand(*between.low, kSum);
  Add(" AND ");
  PrintOperand(*between.high, kSum);
}

void Printer::PrintNode(const LikeExpr& like) {
  PrintOperand(*like.operand, kSum);
  Add(like.negated ? " NOT LIKE " : " LIKE ");
  PrintOperand(*like.pattern, kSum);
  if (like.escape) {
    Add(" ESCAPE ");
    PrintOperand(*like.escape, kSum);
  }
}

void Printer::PrintNode(const IsNullExpr& test) {
  PrintOperand(*test.operand, kSum);
  Add(test.negated ? " IS NOT NULL" : " IS NULL");
}

void Printer::PrintNode(const ExistsExpr& exists) {
  Add("EXISTS (");
  Print(*exists.query);
  Add(")");
}

void Printer::PrintNode(const SubqueryExpr& subquery) {
  Add("(");
  Print(*subquery.query);
  Add(")");
}

}  // namespace tql::dialect::internal

#include <variant>

#include "mockserver/dialect/keywords.h"
#include "mockserver/dialect/printer_impl.h"
#include "proto/base/text.h"

namespace tql::dialect {
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

/// An expression that is printed in brackets unless it binds at least as tightly as `precedence`.
struct Operand {
  const Expr& expr;
  int precedence;
};

void Append(Output& out, const Operand& operand) {
  if (PrecedenceOf(operand.expr) >= operand.precedence) {
    Append(out, operand.expr);
  } else {
    Write(out, "(", operand.expr, ")");
  }
}

}  // namespace

void AppendQuoted(Output& out, std::string_view text, char quote) {
  out += quote;
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  out += quote;
}

void Append(Output& out, const Name& name) {
  if (out.literals() != nullptr) {
    const std::string lower = base::Lower(name.text);
    NeedsQuotes(lower) ? AppendQuoted(out, lower, '"') : Append(out, lower);
  } else if (name.quoted || NeedsQuotes(name.text)) {
    AppendQuoted(out, name.text, '"');
  } else {
    out += name.text;
  }
}

void Append(Output& out, const ObjectName& name) {
  std::string_view separator;
  for (const Name& part : name.parts) {
    Write(out, separator, part);
    separator = ".";
  }
}

void Append(Output& out, const TypeName& type) {
  out += TypeKeywordName(type.keyword);
  if (type.length) Write(out, "(", *type.length, ")");
}

void Append(Output& out, std::int64_t number) {
  const bool placeholder = number == kPlaceholderCount;
  AppendLiteral(out, LiteralKind::kInteger,
                placeholder ? std::string(kPlaceholderText) : std::to_string(number));
}

void Append(Output& out, const Literal& literal) { AppendLiteral(out, literal.kind, literal.text); }

void AppendLiteral(Output& out, LiteralKind kind, std::string_view text) {
  if (out.literals() != nullptr && !out.full()) {
    out.literals()->push_back({kind, std::string(text), {}});
    out += kPlaceholderText;
    return;
  }
  switch (kind) {
    case LiteralKind::kNull:
      out += "NULL";
      break;
    case LiteralKind::kTrue:
      out += "TRUE";
      break;
    case LiteralKind::kFalse:
      out += "FALSE";
      break;
    case LiteralKind::kInteger:
    case LiteralKind::kDecimal:
      out += text;
      break;
    case LiteralKind::kString:
      AppendQuoted(out, text, '\'');
      break;
  }
}

static void Append(Output& out, const ColumnRef& column) { Append(out, column.name); }

static void Append(Output& out, const UnaryExpr& unary) {
  if (unary.op == UnaryOp::kNot) {
    Write(out, "NOT ", Operand{*unary.operand, kNot});
    return;
  }
  out += '-';
  const std::size_t start = out.text().size();
  Append(out, Operand{*unary.operand, kUnary});
  if (out.text()[start] == '-') out.text().insert(start, 1, ' ');  // `--` would begin a comment.
}

// An operand of the same precedence was in brackets; otherwise it would be part of the chain.
static void Append(Output& out, const OperatorExpr& chain) {
  const int precedence = PrecedenceOf(chain) + 1;
  Append(out, Operand{chain.operands.front(), precedence});
  for (std::size_t i = 0; i < chain.ops.size(); ++i) {
    Write(out, " ", BinaryOpName(chain.ops[i]), " ", Operand{chain.operands[i + 1], precedence});
  }
}

static void Append(Output& out, const FunctionCall& call) {
  Write(out, call.name, "(", call.star ? "*" : "", call.distinct ? "DISTINCT " : "",
        List(call.args), ")");
}

static void Append(Output& out, const CastExpr& cast) {
  Write(out, "CAST(", *cast.operand, " AS ", cast.type, ")");
}

static void Append(Output& out, const CaseExpr& expr) {
  Write(out, "CASE", Optional(" ", expr.operand));
  for (std::size_t i = 0; i < expr.conditions.size(); ++i) {
    Write(out, " WHEN ", expr.conditions[i], " THEN ", expr.values[i]);
  }
  Write(out, Optional(" ELSE ", expr.otherwise), " END");
}

static void Append(Output& out, const InExpr& in) {
  Write(out, Operand{*in.operand, kSum}, in.negated ? " NOT IN (" : " IN (", Optional("", in.query),
        List(in.list), ")");
}

static void Append(Output& out, const BetweenExpr& between) {
  Write(out, Operand{*between.operand, kSum}, between.negated ? " NOT BETWEEN " : " BETWEEN ",
        Operand{*between.low, kSum}, " AND ", Operand{*between.high, kSum});
}

static void Append(Output& out, const LikeExpr& like) {
  Write(out, Operand{*like.operand, kSum}, like.negated ? " NOT LIKE " : " LIKE ",
        Operand{*like.pattern, kSum});
  if (like.escape) Write(out, " ESCAPE ", Operand{*like.escape, kSum});
}

static void Append(Output& out, const IsNullExpr& test) {
  Write(out, Operand{*test.operand, kSum}, test.negated ? " IS NOT NULL" : " IS NULL");
}

static void Append(Output& out, const ExistsExpr& exists) {
  Write(out, "EXISTS (", *exists.query, ")");
}

static void Append(Output& out, const SubqueryExpr& subquery) {
  Write(out, "(", *subquery.query, ")");
}

void Append(Output& out, const Expr& expr) {
  std::visit([&out](const auto& node) { Append(out, node); }, expr.node);
}

}  // namespace tql::dialect

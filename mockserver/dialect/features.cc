#include "mockserver/dialect/features.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

#include "mockserver/dialect/tree_walk.h"
#include "proto/base/text.h"

namespace tql::dialect {
namespace {

using enum Feature;

bool IsOneOf(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::any_of(names,
                             [&](std::string_view n) { return base::EqualsIgnoreCase(n, name); });
}

bool IsNull(const Expr& expr) {
  const auto* const literal = expr.as<Literal>();
  return literal != nullptr && literal->kind == LiteralKind::kNull;
}

class Finder : public TreeWalk<Finder> {
 public:
  const Features& found() const { return found_; }

  template <typename Node>
  void Enter(const Node& /*other*/) {}

  // ---- SHOW, SCRIPT, COMPACT ----

  void Enter(const ShowSchemas& show) { AddIf(show.database.has_value(), kOfDatabase); }
  void Enter(const ShowTables& show) { AddIf(show.database.has_value(), kOfDatabase); }
  void Enter(const ShowStatistics& show) { AddScope(show.scope); }
  void Enter(const Script& script) { AddScope(script.scope); }
  void Enter(const Compact& compact) { found_.Add(compact.table ? kOfTable : kAllTables); }

  // ---- Definitions ----

  void Enter(const CreateTable& create) {
    found_.Add(kColumns);
    AddIf(create.mark != TableMark::kNone, kTableMark);
  }
  void Enter(const ColumnDef& column) {
    AddIf(column.type.length.value_or(0) > 0, kLength);
    AddIf(column.default_value.has_value(), kDefault);
    AddIf(column.hint.has_value(), kParsingHint);
    AddIf(column.nullability == Nullability::kNotNull, kNotNull);
  }
  void Enter(const PrimaryKey& /*key*/) { found_.Add(kPrimaryKey); }
  void Enter(const ForeignKey& /*key*/) { found_.Add(kForeignKey); }
  void Enter(const Relationship& /*relationship*/) { found_.Add(kRelationship); }
  void Enter(const Partition& /*partition*/) { found_.Add(kPartition); }
  void Enter(const AddColumn& /*add*/) { found_.Add(kAddColumn); }
  void Enter(const DropColumn& /*drop*/) { found_.Add(kDropColumn); }
  void Enter(const RenameColumn& /*rename*/) { found_.Add(kRenameColumn); }
  void Enter(const ModifyColumn& modify) {
    found_.Add(kModifyColumn);
    AddIf(modify.hint.has_value(), kParsingHint);
    AddIf(modify.type.length.value_or(0) > 0, kLength);
  }
  void Enter(const DropPrimaryKey& /*drop*/) { found_.Add(kDropPrimaryKey); }
  void Enter(const DropConstraint& /*drop*/) { found_.Add(kDropConstraint); }
  void Enter(const DropForeignKey& /*drop*/) { found_.Add(kDropForeignKey); }
  void Enter(const DropRelationship& /*drop*/) { found_.Add(kDropRelationship); }
  void Enter(const SetDimension& /*set*/) { found_.Add(kSetDimension); }
  void Enter(const SetFact& /*set*/) { found_.Add(kSetFact); }
  void Enter(const SetLoadPriority& /*set*/) { found_.Add(kSetLoadPriority); }

  // ---- Rows ----

  void Enter(const Insert& insert) {
    AddIf(!insert.columns.empty(), kColumnList);
    AddIf(!insert.query, kValues);
    AddIf(insert.rows.row_count() > 1, kSeveralRows);
    AddIf(static_cast<bool>(insert.query), kInsertSelect);
  }
  void Enter(const Query& query) {
    AddIf(query.limit.has_value(), kTop);
    AddIf(!query.ops.empty(), kSetOperation);
    AddIf(!query.order_by.empty(), kWhere);
  }
  void Enter(const SelectCore& core) {
    AddIf(core.top.has_value(), kTop);
    AddIf(!core.into.empty(), kInto);
    AddIf(core.where.has_value() || !core.group_by.empty(), kWhere);
    AddIf(core.distinct || core.having.has_value(), kDistinct);
    AddIf(core.from.empty(), kWithoutFrom);
    AddIf(core.from.size() > 1, kCommaJoin);
  }
  void Enter(const Join& join) {
    found_.Add(join.kind == JoinKind::kFull ? kFullJoin : kOtherJoin);
  }
  void Enter(const TableRef& table) { AddIf(static_cast<bool>(table.query), kSubquery); }
  void Enter(const SubqueryExpr& /*query*/) { found_.Add(kSubquery); }
  void Enter(const ExistsExpr& /*query*/) { found_.Add(kSubquery); }
  void Enter(const InExpr& in) { found_.Add(in.query ? kSubquery : kPredicate); }
  void Enter(const CaseExpr& /*expr*/) { found_.Add(kPredicate); }
  void Enter(const CastExpr& /*expr*/) { found_.Add(kPredicate); }
  void Enter(const LikeExpr& /*expr*/) { found_.Add(kPredicate); }
  void Enter(const BetweenExpr& /*expr*/) { found_.Add(kPredicate); }
  void Enter(const IsNullExpr& /*expr*/) { found_.Add(kPredicate); }
  void Enter(const OperatorExpr& chain) {
    for (std::size_t i = 0; i < chain.ops.size(); ++i) {
      const bool equals = chain.ops[i] == BinaryOp::kEqual || chain.ops[i] == BinaryOp::kNotEqual;
      AddIf(equals && (IsNull(chain.operands[i]) || IsNull(chain.operands[i + 1])), kEqualsNull);
    }
  }
  void Enter(const FunctionCall& call) {
    const std::string_view name = call.name.text;
    AddIf(IsOneOf(name, {"sum", "avg", "min", "max", "count", "stddev", "variance"}), kAggregate);
    AddIf(IsOneOf(name, {"absyear", "absquarter", "absmonth", "absday"}), kDateFunction);
  }

 private:
  void AddIf(bool uses, Feature feature) {
    if (uses) found_.Add(feature);
  }
  void AddScope(Scope scope) {
    constexpr Feature kScopes[] = {kOfServer, kOfDatabase, kOfSchema, kOfTable};
    found_.Add(kScopes[static_cast<std::size_t>(scope)]);
  }

  Features found_;
};

}  // namespace

Features FeaturesOf(const Statement& statement) {
  Finder finder;
  finder.Visit(statement.node);
  return finder.found();
}

}  // namespace tql::dialect

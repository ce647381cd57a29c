// INSERT, UPDATE, DELETE.
#include <algorithm>
#include <variant>

#include "mockserver/engine/bind_expr.h"
#include "mockserver/engine/bind_query.h"
#include "mockserver/engine/bind_types.h"
#include "mockserver/engine/binder.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

using errors::Thing;

/// The positions of a table's columns by name.
class ColumnPlaces {
 public:
  explicit ColumnPlaces(const plan::TableDef& table) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      places_.Add(table.columns[i].name, static_cast<std::int32_t>(i));
    }
  }
  StatusOr<std::int32_t> Find(std::string_view name) const {
    const auto found = places_.Find(name);
    if (found.ambiguous) return errors::Ambiguous(Thing::kColumn, name);
    if (found.value == nullptr) return errors::NotFound(Thing::kColumn, name);
    return *found.value;
  }

 private:
  NameIndex<std::int32_t> places_;
};

bool AllLiteral(const dialect::ValueRows& rows) {
  for (std::size_t i = 0; i < rows.row_count(); ++i) {
    const auto row = rows.row(i);
    if (!std::all_of(row.begin(), row.end(), [](const auto& cell) { return cell.is_literal(); })) {
      return false;
    }
  }
  return true;
}

/// Whether the column has a constant in every SELECT of a set operation.
bool OfConstants(const plan::Query& query, std::size_t column) {
  if (const auto* select = std::get_if<plan::Select>(&query.body)) {
    return IsConstant(*select->items[column].expr);
  }
  const auto* set = std::get_if<plan::SetOperation>(&query.body);
  return set != nullptr && OfConstants(*set->left, column) && OfConstants(*set->right, column);
}

/// The positions of the columns that the INSERT gives values for.
StatusOr<std::vector<std::int32_t>> InsertColumns(const BindState& state,
                                                  const dialect::Insert& insert,
                                                  const plan::TableDef& table) {
  std::vector<std::int32_t> columns;
  if (insert.columns.empty()) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      columns.push_back(static_cast<std::int32_t>(i));
    }
    return columns;
  }
  const ColumnPlaces places(table);
  std::vector<bool> named(table.columns.size());
  for (const dialect::Name& name : insert.columns) {
    StatusOr<std::int32_t> column = places.Find(name.text);
    if (!column.ok()) return state.At(column.status(), name.range);
    if (named[static_cast<std::size_t>(*column)]) {
      return state.At(errors::NamedTwice(name.text), name.range);
    }
    named[static_cast<std::size_t>(*column)] = true;
    columns.push_back(*column);
  }
  return columns;
}

Status BindLiteralRows(const BindState& state, const dialect::ValueRows& rows,
                       plan::Insert& bound) {
  if (!std::holds_alternative<plan::LiteralRows>(bound.source)) {
    bound.source.emplace<plan::LiteralRows>();
  }
  auto& out = std::get<plan::LiteralRows>(bound.source);
  out.cells.clear();
  out.owned.clear();
  const std::size_t width = bound.columns.size();
  out.cells.reserve(rows.row_count() * bound.columns.size());
  std::string scratch;
  for (std::size_t r = 0; r < rows.row_count(); ++r) {
    const auto row = rows.row(r);
    if (row.size() != width) {
      const std::size_t place = row.empty() ? 0 : row.front().range.begin;
      return state.At(errors::ValueCount(width, row.size()), place);
    }
    for (std::size_t c = 0; c < width; ++c) {
      const plan::ColumnDef& column =
          bound.table->columns[static_cast<std::size_t>(bound.columns[c])];
      const std::string_view text = rows.text(row[c]);
      StatusOr<Constant> constant = ReadLiteral(row[c].kind(), text);
      if (!constant.ok()) return state.At(constant.status(), row[c].range);
      StatusOr<values::Datum> value =
          ConvertConstant(*constant, column.type.kind, column.parsing_hint, scratch);
      if (!value.ok()) {
        // Quote the number as written, because the parsed value may be rounded.
        const bool too_large = value.status().code() == StatusCode::kOutOfRange;
        return state.At(
            errors::OfColumn(column.name, too_large ? errors::OutOfRange(text, column.type.kind)
                                                    : value.status()),
            row[c].range);
      }
      if (value->kind() == values::Datum::Kind::kText && value->text().data() == scratch.data()) {
        out.owned.push_back(std::make_unique<std::string>(scratch));
        *value = values::Datum::Text(*out.owned.back());
      }
      out.cells.push_back(*value);
    }
  }
  return Status();
}

Status BindComputedRows(BindState& state, const dialect::Insert& insert, plan::Insert& bound) {
  plan::Values values;
  const std::size_t width = bound.columns.size();
  const Scope scope;
  Clause clause{.scope = &scope, .name = "VALUES"};
  for (std::size_t r = 0; r < insert.rows.row_count(); ++r) {
    const auto row = insert.rows.row(r);
    if (row.size() != width) {
      const std::size_t place = row.empty() ? 0 : row.front().range.begin;
      return state.At(errors::ValueCount(width, row.size()), place);
    }
    std::vector<plan::ExprPtr>& out = values.rows.emplace_back();
    for (std::size_t c = 0; c < width; ++c) {
      const plan::ColumnDef& column =
          bound.table->columns[static_cast<std::size_t>(bound.columns[c])];
      TQL_ASSIGN_OR_RETURN(plan::ExprPtr expr, BindExpr(state, insert.rows.ToExpr(row[c]), clause));
      ExprResult value = AssignExpr(std::move(expr), column);
      if (!value.ok()) return state.At(value.status(), row[c].range);
      out.push_back(*std::move(value));
    }
  }
  auto query = std::make_unique<plan::Query>();
  for (const std::int32_t column : bound.columns) {
    const plan::ColumnDef& def = bound.table->columns[static_cast<std::size_t>(column)];
    query->columns.push_back({def.name, def.type});
  }
  query->body = std::move(values);
  bound.source = std::move(query);
  return Status();
}

/// Checks that the storage can convert the item, which it does after all other steps of the query.
/// A constant is converted here, because a number is accepted for a date only if it is constant.
Status AssignItem(plan::Query& query, std::size_t index, const plan::ColumnDef& column) {
  auto* select = std::get_if<plan::Select>(&query.body);
  if (select != nullptr) {
    plan::ExprPtr& expr = select->items[index].expr;
    if (IsConstant(*expr)) {
      query.columns[index].type = column.type;
      TQL_ASSIGN_OR_RETURN(expr, ConvertExpr(std::move(expr), column.type, column.parsing_hint));
      return Status();
    }
  }
  const values::TypeKind from = query.columns[index].type.kind;
  const values::TypeKind to = column.type.kind;
  const bool seconds =
      values::IsNumeric(from) && values::IsTemporal(to) && OfConstants(query, index);
  if (!seconds && !Assignable(from, to)) return errors::CannotConvertType(from, to);
  return Status();
}

Status BindInsertQuery(BindState& state, const dialect::Insert& insert, plan::Insert& bound) {
  TQL_ASSIGN_OR_RETURN(plan::Query query, BindSubquery(state, *insert.query, nullptr));
  const std::size_t width = bound.columns.size();
  if (query.columns.size() != width) {
    return state.At(errors::ValueCount(width, query.columns.size()), insert.query->range);
  }
  for (std::size_t c = 0; c < width; ++c) {
    const plan::ColumnDef& column =
        bound.table->columns[static_cast<std::size_t>(bound.columns[c])];
    const std::size_t place = ItemPlace(query, c, insert.query->range);
    const Status assigned = AssignItem(query, c, column);
    if (!assigned.ok()) return state.At(errors::OfColumn(column.name, assigned), place);
  }
  bound.source = std::make_unique<plan::Query>(std::move(query));
  return Status();
}

}  // namespace

StatusOr<plan::Insert> BindInsertTarget(const BindInput& input, const dialect::Insert& insert) {
  const BindState state{input};
  plan::Insert bound;
  TQL_ASSIGN_OR_RETURN(bound.table, ResolveTable(state, insert.table));
  TQL_ASSIGN_OR_RETURN(bound.columns, InsertColumns(state, insert, *bound.table));
  return bound;
}

Status BindInsertRows(const BindInput& input, const dialect::ValueRows& rows, plan::Insert& bound) {
  return BindLiteralRows(BindState{input}, rows, bound);
}

StatusOr<plan::Insert> BindInsert(const BindInput& input, const dialect::Insert& insert) {
  BindState state{input};
  TQL_ASSIGN_OR_RETURN(plan::Insert bound, BindInsertTarget(input, insert));
  if (insert.query) {
    TQL_RETURN_IF_ERROR(BindInsertQuery(state, insert, bound));
  } else if (AllLiteral(insert.rows)) {
    TQL_RETURN_IF_ERROR(BindLiteralRows(state, insert.rows, bound));
  } else {
    TQL_RETURN_IF_ERROR(BindComputedRows(state, insert, bound));
  }
  return bound;
}

StatusOr<plan::Update> BindUpdate(const BindInput& input, const dialect::Update& update) {
  BindState state{input};
  plan::Update bound;
  TQL_ASSIGN_OR_RETURN(bound.table, ResolveTable(state, update.table));
  Scope scope;
  bound.relation = AddTable(state, bound.table, nullptr, scope).id();
  Clause clause{.scope = &scope, .name = "SET"};
  const ColumnPlaces places(*bound.table);
  std::vector<bool> named(bound.table->columns.size());
  for (const dialect::Assignment& assignment : update.assignments) {
    const dialect::Name& name = assignment.column;
    StatusOr<std::int32_t> column = places.Find(name.text);
    if (!column.ok()) return state.At(column.status(), name.range);
    const auto index = static_cast<std::size_t>(*column);
    if (named[index]) return state.At(errors::NamedTwice(name.text), name.range);
    named[index] = true;
    TQL_ASSIGN_OR_RETURN(plan::ExprPtr expr, BindExpr(state, assignment.value, clause));
    ExprResult value = AssignExpr(std::move(expr), bound.table->columns[index]);
    if (!value.ok()) return state.At(value.status(), assignment.value.range);
    bound.assignments.push_back({*column, *std::move(value)});
  }
  if (update.where) {
    clause.name = "WHERE";
    TQL_ASSIGN_OR_RETURN(bound.where, BindCondition(state, *update.where, clause));
  }
  return bound;
}

StatusOr<plan::Delete> BindDelete(const BindInput& input, const dialect::Delete& del) {
  BindState state{input};
  plan::Delete bound;
  TQL_ASSIGN_OR_RETURN(bound.table, ResolveTable(state, del.table));
  Scope scope;
  bound.relation = AddTable(state, bound.table, nullptr, scope).id();
  if (del.where) {
    Clause clause{.scope = &scope, .name = "WHERE"};
    TQL_ASSIGN_OR_RETURN(bound.where, BindCondition(state, *del.where, clause));
  }
  return bound;
}

}  // namespace tql::engine

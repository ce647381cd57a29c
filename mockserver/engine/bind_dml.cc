// INSERT, UPDATE, DELETE.
#include <algorithm>

#include "mockserver/engine/binder.h"
#include "mockserver/engine/convert.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/plan_walk.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {
namespace {

using errors::Thing;

StatusOr<std::int32_t> ColumnOf(const plan::TableDef& table, std::string_view name) {
  std::int32_t folded = -1;
  int matches = 0;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return static_cast<std::int32_t>(i);
    if (FoldCase(table.columns[i].name) != FoldCase(name)) continue;
    folded = static_cast<std::int32_t>(i);
    ++matches;
  }
  if (matches > 1) return errors::Ambiguous(Thing::kColumn, name);
  if (matches == 0) return errors::NotFound(Thing::kColumn, name);
  return folded;
}

/// Columns that are not in `columns` and have a default, which is not NULL.
StatusOr<std::vector<std::pair<std::int32_t, plan::Datum>>> Defaults(
    const plan::TableDef& table, const std::vector<std::int32_t>& columns,
    std::vector<std::unique_ptr<std::string>>& owned) {
  std::vector<bool> named(table.columns.size());
  for (const std::int32_t column : columns) named[static_cast<std::size_t>(column)] = true;
  std::vector<std::pair<std::int32_t, plan::Datum>> defaults;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (named[i] || !table.columns[i].default_text) continue;
    owned.push_back(std::make_unique<std::string>());
    TQL_ASSIGN_OR_RETURN(plan::Datum value, DefaultOf(table.columns[i], *owned.back()));
    if (value.is_null()) continue;
    if (value.kind() == plan::Datum::Kind::kText) {  // the table may be gone before the plan
      *owned.back() = std::string(value.text());
      value = plan::Datum::Text(*owned.back());
    }
    defaults.emplace_back(static_cast<std::int32_t>(i), value);
  }
  return defaults;
}

plan::ExprPtr LiteralExpr(const plan::Datum& value, plan::Type type) {
  plan::Literal literal;
  if (value.kind() == plan::Datum::Kind::kInteger) literal.value = value.integer();
  if (value.kind() == plan::Datum::Kind::kReal) literal.value = value.real();
  if (value.kind() == plan::Datum::Kind::kText) literal.value = std::string(value.text());
  return MakeExpr(std::move(literal), type);
}

bool AllLiteral(const dialect::ValueRows& rows) {
  for (std::size_t i = 0; i < rows.row_count(); ++i) {
    const auto row = rows.row(i);
    if (!std::all_of(row.begin(), row.end(), [](const auto& cell) { return cell.is_literal(); })) {
      return false;
    }
  }
  return true;
}

}  // namespace

StatusOr<std::vector<std::int32_t>> Binder::InsertColumns(const dialect::Insert& insert,
                                                          const plan::TableDef& table) {
  std::vector<std::int32_t> columns;
  if (insert.columns.empty()) {
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      columns.push_back(static_cast<std::int32_t>(i));
    }
    return columns;
  }
  std::vector<bool> named(table.columns.size());
  for (const dialect::Name& name : insert.columns) {
    StatusOr<std::int32_t> column = ColumnOf(table, name.text);
    if (!column.ok()) return At(column.status(), name.range);
    if (named[static_cast<std::size_t>(*column)]) {
      return At(errors::DefaultedTwice(name.text), name.range);
    }
    named[static_cast<std::size_t>(*column)] = true;
    columns.push_back(*column);
  }
  return columns;
}

StatusOr<plan::Insert> Binder::BindInsert(const dialect::Insert& insert) {
  plan::Insert bound;
  TQL_ASSIGN_OR_RETURN(bound.table, Table(insert.table));
  TQL_ASSIGN_OR_RETURN(bound.columns, InsertColumns(insert, *bound.table));
  if (insert.query) {
    TQL_RETURN_IF_ERROR(BindInsertQuery(insert, bound));
  } else if (AllLiteral(insert.rows)) {
    TQL_RETURN_IF_ERROR(BindLiteralRows(insert, bound));
  } else {
    TQL_RETURN_IF_ERROR(BindComputedRows(insert, bound));
  }
  return bound;
}

Status Binder::BindLiteralRows(const dialect::Insert& insert, plan::Insert& bound) {
  plan::LiteralRows out;
  const std::size_t width = bound.columns.size();
  const std::vector<std::int32_t> named = bound.columns;
  TQL_ASSIGN_OR_RETURN(const auto defaults, Defaults(*bound.table, named, out.owned));
  for (const auto& entry : defaults) bound.columns.push_back(entry.first);
  out.cells.reserve(insert.rows.row_count() * bound.columns.size());
  std::string scratch;
  for (std::size_t r = 0; r < insert.rows.row_count(); ++r) {
    const auto row = insert.rows.row(r);
    if (row.size() != width) {
      const std::size_t place = row.empty() ? 0 : row.front().range.begin;
      return errors::At(errors::ValueCount(width, row.size()), text_, place);
    }
    for (std::size_t c = 0; c < width; ++c) {
      const plan::ColumnDef& column = bound.table->columns[static_cast<std::size_t>(named[c])];
      const std::string_view text = insert.rows.text(row[c]);
      StatusOr<Constant> constant = ReadLiteral(row[c].kind(), text);
      if (!constant.ok()) return At(constant.status(), row[c].range);
      // A number for a text column keeps its spelling.
      if (column.type.kind == plan::TypeKind::kVarchar && plan::IsNumeric(constant->type)) {
        out.cells.push_back(plan::Datum::Text(text));
        continue;
      }
      StatusOr<plan::Datum> value =
          ConvertConstant(*constant, column.type.kind, column.parsing_hint, scratch);
      if (!value.ok()) return At(value.status(), row[c].range);
      if (value->kind() == plan::Datum::Kind::kText && value->text().data() == scratch.data()) {
        out.owned.push_back(std::make_unique<std::string>(scratch));
        *value = plan::Datum::Text(*out.owned.back());
      }
      out.cells.push_back(*value);
    }
    for (const auto& entry : defaults) out.cells.push_back(entry.second);
  }
  bound.source = std::move(out);
  return Status();
}

Status Binder::BindComputedRows(const dialect::Insert& insert, plan::Insert& bound) {
  plan::Values values;
  const std::size_t width = bound.columns.size();
  const std::vector<std::int32_t> named = bound.columns;
  std::vector<std::unique_ptr<std::string>> owned;
  TQL_ASSIGN_OR_RETURN(const auto defaults, Defaults(*bound.table, named, owned));
  for (const auto& entry : defaults) bound.columns.push_back(entry.first);
  const Scope scope;
  Clause clause{.scope = &scope, .name = "VALUES"};
  for (std::size_t r = 0; r < insert.rows.row_count(); ++r) {
    const auto row = insert.rows.row(r);
    if (row.size() != width) {
      const std::size_t place = row.empty() ? 0 : row.front().range.begin;
      return errors::At(errors::ValueCount(width, row.size()), text_, place);
    }
    std::vector<plan::ExprPtr>& out = values.rows.emplace_back();
    for (std::size_t c = 0; c < width; ++c) {
      const plan::ColumnDef& column = bound.table->columns[static_cast<std::size_t>(named[c])];
      TQL_ASSIGN_OR_RETURN(plan::ExprPtr expr, BindExpr(insert.rows.ToExpr(row[c]), clause));
      ExprResult value = Assign(std::move(expr), column);
      if (!value.ok()) return At(value.status(), row[c].range);
      out.push_back(*std::move(value));
    }
    for (const auto& [column, value] : defaults) {
      const plan::Type type = bound.table->columns[static_cast<std::size_t>(column)].type;
      out.push_back(LiteralExpr(value, type));
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

Status Binder::BindInsertQuery(const dialect::Insert& insert, plan::Insert& bound) {
  TQL_ASSIGN_OR_RETURN(plan::Query query, Bind(*insert.query, nullptr));
  const std::size_t width = bound.columns.size();
  if (query.columns.size() != width) {
    return At(errors::ValueCount(width, query.columns.size()), insert.query->range);
  }
  for (std::size_t c = 0; c < width; ++c) {
    const plan::ColumnDef& column =
        bound.table->columns[static_cast<std::size_t>(bound.columns[c])];
    const Status assigned = AssignColumn(query, c, column);
    if (!assigned.ok()) return At(assigned, insert.query->range);
  }
  std::vector<std::unique_ptr<std::string>> owned;
  TQL_ASSIGN_OR_RETURN(const auto defaults, Defaults(*bound.table, bound.columns, owned));
  if (!defaults.empty()) {
    query = Wrap(std::move(query));
    auto& select = std::get<plan::Select>(query.body);
    for (const auto& [column, value] : defaults) {
      const plan::ColumnDef& def = bound.table->columns[static_cast<std::size_t>(column)];
      bound.columns.push_back(column);
      select.items.push_back({LiteralExpr(value, def.type), def.name});
      query.columns.push_back({def.name, def.type});
    }
  }
  bound.source = std::make_unique<plan::Query>(std::move(query));
  return Status();
}

StatusOr<plan::Update> Binder::BindUpdate(const dialect::Update& update) {
  plan::Update bound;
  TQL_ASSIGN_OR_RETURN(bound.table, Table(update.table));
  Scope scope;
  bound.relation = AddTable(bound.table, nullptr, scope).id();
  Clause clause{.scope = &scope, .name = "SET"};
  std::vector<bool> named(bound.table->columns.size());
  for (const dialect::Assignment& assignment : update.assignments) {
    const dialect::Name& name = assignment.column;
    StatusOr<std::int32_t> column = ColumnOf(*bound.table, name.text);
    if (!column.ok()) return At(column.status(), name.range);
    const auto index = static_cast<std::size_t>(*column);
    if (named[index]) return At(errors::DefaultedTwice(name.text), name.range);
    named[index] = true;
    TQL_ASSIGN_OR_RETURN(plan::ExprPtr expr, BindExpr(assignment.value, clause));
    ExprResult value = Assign(std::move(expr), bound.table->columns[index]);
    if (!value.ok()) return At(value.status(), assignment.value.range);
    bound.assignments.push_back({*column, *std::move(value)});
  }
  if (update.where) {
    clause.name = "WHERE";
    TQL_ASSIGN_OR_RETURN(bound.where, BindCondition(*update.where, clause));
  }
  return bound;
}

StatusOr<plan::Delete> Binder::BindDelete(const dialect::Delete& del) {
  plan::Delete bound;
  TQL_ASSIGN_OR_RETURN(bound.table, Table(del.table));
  Scope scope;
  bound.relation = AddTable(bound.table, nullptr, scope).id();
  if (del.where) {
    Clause clause{.scope = &scope, .name = "WHERE"};
    TQL_ASSIGN_OR_RETURN(bound.where, BindCondition(*del.where, clause));
  }
  return bound;
}

}  // namespace tql::engine

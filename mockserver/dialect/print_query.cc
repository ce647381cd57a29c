#include <array>

#include "mockserver/dialect/printer_impl.h"

namespace tql::dialect::internal {
namespace {

constexpr std::array<std::string_view, 4> kSetOps = {" UNION ", " UNION ALL ", " INTERSECT ",
                                                     " EXCEPT "};
constexpr std::array<std::string_view, 5> kJoins = {" JOIN ", " LEFT JOIN ", " RIGHT JOIN ",
                                                    " FULL JOIN ", " CROSS JOIN "};

}  // namespace

void Printer::Print(const Query& query) {
  for (std::size_t i = 0; i < query.terms.size(); ++i) {
    if (i > 0) Add(kSetOps[static_cast<std::size_t>(query.ops[i - 1])]);
    Print(query.terms[i]);
  }
  if (!query.order_by.empty()) {
    Add(" ORDER BY ");
    PrintList(query.order_by);
  }
  if (query.limit) {
    Add(" LIMIT ");
    Add(std::to_string(*query.limit));
  }
}

void Printer::Print(const QueryTerm& term) {
  if (term.select) {
    Print(*term.select);
  } else {
    Add("(");
    Print(*term.query);
    Add(")");
  }
}

void Printer::Print(const SelectCore& core) {
  Add("SELECT ");
  if (core.top) {
    Add("TOP ");
    Add(std::to_string(*core.top));
    Add(" ");
  }
  if (core.distinct) Add("DISTINCT ");
  PrintList(core.items);
  if (!core.into.empty()) {
    Add(" INTO ");
    PrintList(core.into);
  }
  if (!core.from.empty()) {
    Add(" FROM ");
    PrintList(core.from);
  }
  PrintWhere(core.where);
  if (!core.group_by.empty()) {
    Add(" GROUP BY ");
    PrintList(core.group_by);
  }
  if (core.having) PrintNamed(" HAVING ", *core.having);
}

void Printer::Print(const SelectItem& item) {
  if (item.expr) {
    Print(*item.expr);
    PrintAlias(item.alias);
    return;
  }
  if (!item.star_qualifier.empty()) {
    Print(item.star_qualifier);
    Add(".");
  }
  Add("*");
}

void Printer::PrintAlias(const std::optional<Name>& alias) {
  if (alias) PrintNamed(" AS ", *alias);
}

void Printer::Print(const TableRef& ref) {
  if (ref.query) {
    Add("(");
    Print(*ref.query);
    Add(")");
  } else {
    Print(ref.table);
  }
  PrintAlias(ref.alias);
}

void Printer::Print(const FromItem& item) {
  Print(item.first);
  for (const Join& join : item.joins) {
    Add(kJoins[static_cast<std::size_t>(join.kind)]);
    Print(join.right);
    if (join.on) PrintNamed(" ON ", *join.on);
  }
}

void Printer::Print(const OrderItem& item) {
  Print(item.expr);
  if (item.descending) Add(" DESC");
}

void Printer::PrintWhere(const std::optional<Expr>& where) {
  if (where) PrintNamed(" WHERE ", *where);
}

}  // namespace tql::dialect::internal

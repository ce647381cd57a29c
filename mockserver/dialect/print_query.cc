#include <array>

#include "mockserver/dialect/printer_impl.h"

namespace tql::dialect {
namespace {

constexpr std::array<std::string_view, 4> kSetOps = {" UNION ", " UNION ALL ", " INTERSECT ",
                                                     " EXCEPT "};
constexpr std::array<std::string_view, 5> kJoins = {" JOIN ", " LEFT JOIN ", " RIGHT JOIN ",
                                                    " FULL JOIN ", " CROSS JOIN "};

}  // namespace

static void Append(Output& out, const SelectItem& item) {
  if (item.expr) {
    Write(out, *item.expr, Optional(" AS ", item.alias));
  } else {
    Write(out, item.star_qualifier, item.star_qualifier.empty() ? "*" : ".*");
  }
}

static void Append(Output& out, const TableRef& ref) {
  if (ref.query) {
    Write(out, "(", *ref.query, ")");
  } else {
    Append(out, ref.table);
  }
  Append(out, Optional(" AS ", ref.alias));
}

static void Append(Output& out, const FromItem& item) {
  Append(out, item.first);
  for (const Join& join : item.joins) {
    Write(out, kJoins[static_cast<std::size_t>(join.kind)], join.right, Optional(" ON ", join.on));
  }
}

static void Append(Output& out, const SelectCore& core) {
  out += "SELECT ";
  if (core.top) Write(out, "TOP ", *core.top, " ");
  Write(out, core.distinct ? "DISTINCT " : "", List(core.items));
  if (!core.into.empty()) Write(out, " INTO ", List(core.into));
  if (!core.from.empty()) Write(out, " FROM ", List(core.from));
  Append(out, Optional(" WHERE ", core.where));
  if (!core.group_by.empty()) Write(out, " GROUP BY ", List(core.group_by));
  Append(out, Optional(" HAVING ", core.having));
}

static void Append(Output& out, const QueryTerm& term) {
  if (term.select) {
    Append(out, *term.select);
  } else {
    Write(out, "(", *term.query, ")");
  }
}

static void Append(Output& out, const OrderItem& item) {
  Write(out, item.expr, item.descending ? " DESC" : "");
}

void Append(Output& out, const Query& query) {
  for (std::size_t i = 0; i < query.terms.size(); ++i) {
    if (i > 0) out += kSetOps[static_cast<std::size_t>(query.ops[i - 1])];
    Append(out, query.terms[i]);
  }
  if (!query.order_by.empty()) Write(out, " ORDER BY ", List(query.order_by));
  Append(out, Optional(" LIMIT ", query.limit));
}

}  // namespace tql::dialect

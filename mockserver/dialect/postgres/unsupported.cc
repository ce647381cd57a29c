#include <array>
#include <utility>

#include "mockserver/dialect/postgres/mapper.h"

namespace tql::dialect::postgres {

std::string_view ConstructName(std::string_view node_type) {
  using Entry = std::pair<std::string_view, std::string_view>;
  static constexpr std::array<Entry, 17> kNames = {{
      {"A_ArrayExpr", "arrays"},
      {"A_Indirection", "fields and subscripts, such as (a).b and a[1]"},
      {"BooleanTest", "IS TRUE, IS FALSE and IS UNKNOWN"},
      {"CollateClause", "COLLATE"},
      {"GroupingFunc", "GROUPING"},
      {"GroupingSet", "GROUPING SETS, CUBE and ROLLUP"},
      {"MultiAssignRef", "assignments of rows"},
      {"NamedArgExpr", "named arguments"},
      {"RangeFunction", "functions as tables"},
      {"RangeTableFunc", "functions as tables"},
      {"RangeTableSample", "TABLESAMPLE"},
      {"RowExpr", "row values, such as (a, b)"},
      {"SetToDefault", "DEFAULT as a value"},
      {"XmlExpr", "XML"},
      {"XmlSerialize", "XML"},
      {"JoinExpr", "joins in brackets"},
      {"ParamRef", "placeholders (?, $1, :name)"},
  }};
  for (const Entry& entry : kNames) {
    if (entry.first == node_type) return entry.second;
  }
  return node_type;
}

}  // namespace tql::dialect::postgres

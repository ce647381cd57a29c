#include "mockserver/storage/sqlite/sql_output.h"

#include <algorithm>
#include <bit>

#include "mockserver/storage/sqlite/connection.h"

namespace tql::storage::sqlite {
namespace {

using values::Datum;

/// Returns the same text for equal values and different texts for different values.
std::string KeyOf(const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kInteger:
      return std::string("i").append(std::to_string(value.integer()));
    case Datum::Kind::kReal:
      return std::string("r").append(std::to_string(std::bit_cast<std::uint64_t>(value.real())));
    case Datum::Kind::kText:
      return std::string("t").append(value.text());
    case Datum::Kind::kNull:
      break;
  }
  return {};
}

}  // namespace

std::vector<TableVersion> Relations::Versions() const {
  std::vector<TableVersion> versions;
  for (const auto& [relation, table] : tables_) {
    if (table != nullptr) versions.push_back({table->id, table->live_schema_version});
  }
  return versions;
}

void SqlOutput::AppendColumn(const plan::TableDef& table, std::int32_t column) {
  if (column < 0 || static_cast<std::size_t>(column) >= table.columns.size()) {
    return Fail(InternalError("a plan refers to a column that its table does not have"));
  }
  Append(PhysicalColumn(table.columns[static_cast<std::size_t>(column)].id));
}

void SqlOutput::AppendParameter(const Datum& value) {
  constexpr std::size_t kLongestKey = 256;
  if (value.is_null()) return Append("NULL");
  if (value.kind() == Datum::Kind::kText && value.text().size() > kLongestKey) {
    return AppendOwnParameter(value);
  }
  const auto [shared, added] = shared_.try_emplace(KeyOf(value), sql_.parameters.size() + 1);
  if (added) return AppendOwnParameter(value);
  Append("?", shared->second);
}

void SqlOutput::AppendOwnParameter(const Datum& value) {
  sql_.parameters.push_back(value);
  Append("?", sql_.parameters.size());
}

void SqlOutput::AppendVaryingParameter(const Datum& value, std::size_t varies_at) {
  sql_.varying.push_back({varies_at, value.kind()});
  sql_.varying_parameters.push_back(static_cast<int>(sql_.parameters.size()) + 1);
  AppendOwnParameter(value);
}

void SqlOutput::AppendNumberOf(CheckedExpr checked) {
  Append(sql_.checked.size());
  sql_.checked.push_back(std::move(checked));
}

std::string SqlOutput::Cut(std::size_t begin) {
  std::string cut = sql_.text.substr(begin);
  sql_.text.resize(begin);
  return cut;
}

bool SqlOutput::IsAbsent(const plan::TableDef& table) const {
  return std::find(sql_.absent.begin(), sql_.absent.end(), table.id) != sql_.absent.end();
}

StatusOr<PrintedSql> SqlOutput::Take() {
  if (!status_.ok()) return status_;
  sql_.tables = relations_.Versions();
  return std::exchange(sql_, {});
}

}  // namespace tql::storage::sqlite

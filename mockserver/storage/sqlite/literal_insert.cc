#include "mockserver/storage/sqlite/literal_insert.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>
#include <utility>

#include "mockserver/storage/sqlite/sql_printer.h"
#include "mockserver/storage/sqlite/sqlite_cursor.h"
#include "mockserver/values/number_text.h"
#include "proto/base/status_macros.h"

namespace tql::storage::sqlite {
namespace {

/// How many rows are inserted between two checks of the Cancellation.
constexpr std::size_t kRowsPerCheck = 256;
/// The fewest rows for which a RowTransfer pays.
constexpr std::size_t kRowsOfTransfer = 128;

/// The value of a column of `type` for a literal; nullopt if that does not fit.
std::optional<values::Datum> Stored(const values::Datum& literal, values::TypeKind type) {
  using values::Datum;
  if (values::IsReal(type)) {  // a column of reals contains no integers
    if (literal.kind() != Datum::Kind::kInteger && literal.kind() != Datum::Kind::kReal) {
      return literal;
    }
    const double real = literal.kind() == Datum::Kind::kReal
                            ? literal.real()
                            : static_cast<double>(literal.integer());
    if (type != values::TypeKind::kFloat || !std::isfinite(real)) return Datum::Real(real);
    if (!values::FitsFloat(real)) return std::nullopt;
    return Datum::Real(static_cast<float>(real));
  }
  if (type == values::TypeKind::kInt && literal.kind() == Datum::Kind::kInteger &&
      (literal.integer() < std::numeric_limits<std::int32_t>::min() ||
       literal.integer() > std::numeric_limits<std::int32_t>::max())) {
    return std::nullopt;
  }
  return literal;
}

}  // namespace

std::vector<std::int32_t> AllColumns(const plan::TableDef& table) {
  std::vector<std::int32_t> all(table.columns.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

LiteralInsert::LiteralInsert(Connection& writer, const plan::Insert& insert)
    : writer_(writer),
      table_(insert.table),
      columns_(insert.columns),
      may_transfer_(insert.table->primary_key.empty() &&
                    insert.columns == AllColumns(*insert.table)),
      row_(insert.columns.size()) {
  for (const std::int32_t column : columns_) {
    types_.push_back(table_->columns[static_cast<std::size_t>(column)].type.kind);
  }
}

StatusOr<std::unique_ptr<LiteralInsert>> LiteralInsert::Prepare(Connection& writer,
                                                                const plan::Insert& insert) {
  TQL_ASSIGN_OR_RETURN(const PrintedSql sql, PrintInsert(insert, {}));
  std::unique_ptr<LiteralInsert> made(new LiteralInsert(writer, insert));
  TQL_ASSIGN_OR_RETURN(made->statement_, writer.Prepare(sql.text));
  BindAll(made->statement_, sql.parameters);  // the defaults; cells are bound row by row
  return made;
}

bool LiteralInsert::Serves(const plan::Insert& insert) const {
  return table_ == insert.table && columns_ == insert.columns;
}

Status LiteralInsert::Rows(std::span<const values::Datum> cells, const Cancellation& cancellation) {
  const std::size_t width = columns_.size();
  const std::size_t rows = cells.size() / width;
  RowTransfer* transfer = nullptr;
  if (rows >= kRowsOfTransfer) {
    TQL_RETURN_IF_ERROR(PrepareTransfer());
    transfer = transfer_.get();
  }
  for (std::size_t row = 0; row < rows; ++row) {
    if (row % kRowsPerCheck == 0) TQL_RETURN_IF_ERROR(cancellation.Check());
    TQL_RETURN_IF_ERROR(Convert(cells.subspan(row * width, width), row + 1));
    const bool taken = transfer != nullptr && transfer->Append(row_);
    if (transfer != nullptr && (!taken || transfer->full())) {
      TQL_RETURN_IF_ERROR(transfer->Flush());
    }
    if (!taken) TQL_RETURN_IF_ERROR(InsertRow());
  }
  return transfer != nullptr ? transfer->Flush() : Status();
}

Status LiteralInsert::Convert(std::span<const values::Datum> literals, std::size_t number) {
  for (std::size_t i = 0; i < literals.size(); ++i) {
    const std::optional<values::Datum> value = Stored(literals[i], types_[i]);
    if (!value) {
      return OutOfRangeError("row " + std::to_string(number) + " has a value too large for " +
                             std::string(values::TypeName(types_[i])));
    }
    row_[i] = *value;
  }
  return Status();
}

Status LiteralInsert::InsertRow() {
  for (std::size_t i = 0; i < row_.size(); ++i) {
    const int parameter = static_cast<int>(i) + 1;
    if (row_[i].kind() == values::Datum::Kind::kText) {
      statement_.BindBorrowed(parameter, row_[i].text());
    } else {
      statement_.Bind(parameter, row_[i]);
    }
  }
  return statement_.Run();
}

/// A transfer has a value for each column of the table, which must have no key.
Status LiteralInsert::PrepareTransfer() {
  if (transfer_) transfer_->Clear();
  if (!std::exchange(may_transfer_, false)) return Status();
  TQL_ASSIGN_OR_RETURN(transfer_, RowTransfer::Make(writer_, *table_));
  return Status();
}

}  // namespace tql::storage::sqlite

#include "tql/row.h"

#include <algorithm>

namespace tql {
namespace {

char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c; }

bool EqualsIgnoringCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return Lower(x) == Lower(y); });
}

// Error texts quote what a service sent: not more of it than a line.
std::string Excerpt(std::string_view text) {
  constexpr std::size_t kMost = 60;
  return text.size() <= kMost ? std::string(text) : std::string(text.substr(0, kMost)) + "…";
}

}  // namespace

std::string_view ColumnTypeName(ColumnType type) {
  switch (type) {
    case ColumnType::kUnknown:
      return "UNKNOWN";
    case ColumnType::kVarchar:
      return "VARCHAR";
    case ColumnType::kDouble:
      return "DOUBLE";
    case ColumnType::kFloat:
      return "FLOAT";
    case ColumnType::kBool:
      return "BOOL";
    case ColumnType::kInt:
      return "INT";
    case ColumnType::kDateTime:
      return "DATETIME";
    case ColumnType::kDate:
      return "DATE";
    case ColumnType::kTime:
      return "TIME";
    case ColumnType::kBigInt:
      return "BIGINT";
  }
  return "UNKNOWN";
}

bool CellTraits<bool>::Convert(std::string_view text, bool& value) {
  value = text == "1" || EqualsIgnoringCase(text, "true");
  return value || text == "0" || EqualsIgnoringCase(text, "false");
}

namespace internal {

Status NullCellError() {
  return FailedPreconditionError("the cell is NULL; read it as std::optional");
}

Status CellError(std::string_view text, std::string_view wanted) {
  return InvalidArgumentError("\"" + Excerpt(text) + "\" is not " + std::string(wanted));
}

}  // namespace internal

StatusOr<std::size_t> RowShape::IndexOf(std::string_view name) const {
  std::optional<std::size_t> exact;
  std::optional<std::size_t> similar;
  std::size_t exact_count = 0;
  std::size_t similar_count = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name && exact_count++ == 0) exact = i;
    if (EqualsIgnoringCase(columns[i].name, name) && similar_count++ == 0) similar = i;
  }
  if (exact_count > 1 || (exact_count == 0 && similar_count > 1)) {
    return InvalidArgumentError("several columns are named \"" + Excerpt(name) + "\"");
  }
  if (exact) return *exact;
  if (similar) return *similar;
  return NotFoundError("there is no column \"" + Excerpt(name) + "\"");
}

struct Row::Storage {
  RowShape shape;
  std::vector<std::string> text;
  std::vector<std::string_view> cells;  // without data: NULL
};

Row Row::Owned(RowShape shape, std::vector<std::string> cells) {
  auto storage = std::make_shared<Storage>();
  storage->shape = std::move(shape);
  storage->text = std::move(cells);
  storage->cells.assign(storage->text.begin(), storage->text.end());
  return Held(std::move(storage));
}

Row Row::Own() const {
  if (storage_) return *this;
  auto storage = std::make_shared<Storage>();
  if (shape_) storage->shape = *shape_;
  storage->text.assign(cells_.begin(), cells_.end());
  for (std::size_t i = 0; i < cells_.size(); ++i) {
    storage->cells.push_back(cells_[i].data() ? std::string_view(storage->text[i])
                                              : std::string_view());
  }
  return Held(std::move(storage));
}

Row Row::Held(std::shared_ptr<const Storage> storage) {
  Row row(&storage->shape, storage->cells);
  row.storage_ = std::move(storage);
  return row;
}

const std::vector<Column>& Row::columns() const {
  static const std::vector<Column> kNone;
  return shape_ ? shape_->columns : kNone;
}

Status Row::IndexError(std::size_t index) const {
  return OutOfRangeError("there is no column " + std::to_string(index) + ": the row has " +
                         std::to_string(size()));
}

Status Row::WidthError(std::size_t wanted) const {
  return InvalidArgumentError("the row has " + std::to_string(size()) + " columns, not " +
                              std::to_string(wanted));
}

Status Row::InColumn(std::size_t index, const Status& status) const {
  std::string where = "column " + std::to_string(index);
  if (index < columns().size()) where += " (\"" + Excerpt(columns()[index].name) + "\")";
  return Status(status.code(), where + ": " + status.message());
}

}  // namespace tql

#include "tql/row.h"

#include <algorithm>
#include <charconv>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql {
namespace {

// Parses a number that consists only of digits.
template <typename T>
bool Digits(std::string_view text, T& value) {
  if (!std::ranges::all_of(text, base::IsDigit)) return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size();
}

// Limits the length of received text in error messages.
std::string Excerpt(std::string_view text) {
  constexpr std::size_t kMost = 60;
  std::string excerpt(base::Utf8Prefix(text, kMost));
  if (excerpt.size() < text.size()) excerpt += "…";
  return excerpt;
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
  value = text == "1" || base::EqualsIgnoreCase(text, "true");
  return value || text == "0" || base::EqualsIgnoreCase(text, "false");
}

bool CellTraits<std::chrono::year_month_day>::Convert(std::string_view text,
                                                      std::chrono::year_month_day& value) {
  const std::size_t month = text.find('-');
  if (month < 4 || month == text.npos || text.size() != month + 6 || text[month + 3] != '-') {
    return false;
  }
  int year = 0;
  unsigned numbers[2];
  if (!Digits(text.substr(0, month), year) || !Digits(text.substr(month + 1, 2), numbers[0]) ||
      !Digits(text.substr(month + 4), numbers[1]) || year > int{std::chrono::year::max()}) {
    return false;
  }
  value = {std::chrono::year(year), std::chrono::month(numbers[0]), std::chrono::day(numbers[1])};
  return value.ok();
}

bool CellTraits<std::chrono::sys_seconds>::Convert(std::string_view text,
                                                   std::chrono::sys_seconds& value) {
  const std::size_t space = text.find(' ');
  std::chrono::year_month_day date;
  std::chrono::seconds time{0};
  if (!CellTraits<std::chrono::year_month_day>::Convert(text.substr(0, space), date)) return false;
  if (space != text.npos &&
      !CellTraits<std::chrono::seconds>::Convert(text.substr(space + 1), time)) {
    return false;
  }
  value = std::chrono::sys_days(date) + time;
  return true;
}

bool CellTraits<std::chrono::seconds>::Convert(std::string_view text, std::chrono::seconds& value) {
  unsigned hours = 0;
  unsigned minutes = 0;
  unsigned seconds = 0;
  if (text.size() != 8 || text[2] != ':' || text[5] != ':' || !Digits(text.substr(0, 2), hours) ||
      !Digits(text.substr(3, 2), minutes) || !Digits(text.substr(6), seconds) || hours > 23 ||
      minutes > 59 || seconds > 59) {
    return false;
  }
  value = std::chrono::seconds(hours * 3600 + minutes * 60 + seconds);
  return true;
}

namespace internal {

Status NullCellError(std::string_view wanted) {
  return FailedPreconditionError("NULL is not " + std::string(wanted) +
                                 "; read it as std::optional");
}

Status CellError(std::string_view text, std::string_view wanted) {
  return InvalidArgumentError("\"" + Excerpt(text) + "\" is not " + std::string(wanted));
}

}  // namespace internal

StatusOr<std::size_t> RowShape::IndexOf(std::string_view name) const {
  // An exact match takes precedence over names that differ in case; duplicates are ambiguous.
  std::optional<std::size_t> exact;
  std::optional<std::size_t> similar;
  std::size_t exact_count = 0;
  std::size_t similar_count = 0;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == name && exact_count++ == 0) exact = i;
    if (base::EqualsIgnoreCase(columns[i].name, name) && similar_count++ == 0) similar = i;
  }
  if (exact_count > 1 || (exact_count == 0 && similar_count > 1)) {
    return InvalidArgumentError("several columns are named \"" + Excerpt(name) + "\"");
  }
  if (exact) return *exact;
  if (similar) return *similar;
  return NotFoundError("unknown column \"" + Excerpt(name) + "\"");
}

struct Row::Storage {
  std::shared_ptr<const RowShape> shape;
  std::string text;                     // the concatenated text of all cells
  std::vector<std::string_view> cells;  // views of `text`; data() == nullptr for NULL
};

namespace {

bool HasText(std::string_view cell) { return cell.data() != nullptr; }
bool HasText(const std::optional<std::string>& cell) { return cell.has_value(); }
std::string_view TextOf(std::string_view cell) { return cell; }
std::string_view TextOf(const std::optional<std::string>& cell) { return *cell; }

// Copies the cells into one string, which is allocated once because the views point into it.
template <typename Cells>
void Pack(const Cells& cells, std::string& text, std::vector<std::string_view>& views) {
  std::size_t size = 0;
  for (const auto& cell : cells) size += HasText(cell) ? TextOf(cell).size() : 0;
  text.reserve(size + 1);  // not 0, so that data() of an empty cell is not null
  views.reserve(cells.size());
  for (const auto& cell : cells) {
    if (!HasText(cell)) {
      views.emplace_back();
      continue;
    }
    const char* begin = text.data() + text.size();
    text.append(TextOf(cell));
    views.emplace_back(begin, TextOf(cell).size());
  }
}

}  // namespace

Row Row::Owned(RowShape shape, const std::vector<std::optional<std::string>>& cells) {
  auto storage = std::make_shared<Storage>();
  storage->shape = std::make_shared<const RowShape>(std::move(shape));
  Pack(cells, storage->text, storage->cells);
  return FromStorage(std::move(storage));
}

Row Row::Own() const {
  if (storage_) return *this;
  return Own(std::make_shared<const RowShape>(shape_ ? *shape_ : RowShape()));
}

Row Row::Own(std::shared_ptr<const RowShape> shape) const {
  auto storage = std::make_shared<Storage>();
  storage->shape = std::move(shape);
  Pack(cells_, storage->text, storage->cells);
  return FromStorage(std::move(storage));
}

Row Row::FromStorage(std::shared_ptr<const Storage> storage) {
  Row row(storage->shape.get(), storage->cells);
  row.storage_ = std::move(storage);
  return row;
}

const std::vector<Column>& Row::columns() const {
  static const std::vector<Column> kNone;  // for a row without a shape
  return shape_ ? shape_->columns : kNone;
}

Status Row::IndexError(std::size_t index) const {
  return OutOfRangeError("unknown column " + std::to_string(index) + ": the row has " +
                         std::to_string(size()));
}

Status Row::WidthError(std::size_t wanted) const {
  return InvalidArgumentError("the row has " + std::to_string(size()) + " columns, not " +
                              std::to_string(wanted));
}

Status Row::InColumn(std::size_t index, const Status& status) const {
  std::string where = "column " + std::to_string(index);
  if (index < columns().size()) {
    where += " (\"" + Excerpt(columns()[index].name) + "\", " +
             std::string(ColumnTypeName(columns()[index].type)) + ")";
  }
  return Status(status.code(), where + ": " + status.message());
}

}  // namespace tql

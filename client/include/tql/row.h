/// \file
/// One row of a result.
#ifndef TQL_ROW_H_
#define TQL_ROW_H_

#include "tql/cxx20.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "tql/cell.h"
#include "tql/result_stream.h"
#include "tql/status.h"

namespace tql {

/// What the rows of one result have in common.
struct RowShape {
  std::vector<Column> columns;
  /// How the service was told to print NULL: a cell with just this text is NULL.
  std::string null_string = "(null)";
  /// What Row::text gives for NULL.
  std::string null_text = "(null)";

  /// The position of a column: its exact name, else the only one that differs in case alone.
  /// NOT_FOUND, or INVALID_ARGUMENT when several fit.
  StatusOr<std::size_t> IndexOf(std::string_view name) const;
};

/// A row. While a result is being read its rows are views: they are valid until the next row is
/// read. Own() makes one that lasts.
class Row {
 public:
  Row() = default;
  /// A view; `shape` must outlive it.
  Row(const RowShape* shape, RowView cells) : shape_(shape), cells_(cells) {}

  /// A copy that owns its cells and its shape. Copies of it share them.
  Row Own() const;
  /// The same for many rows of one result, which share the shape: it must be a copy of this row's.
  Row Own(std::shared_ptr<const RowShape> shape) const;
  /// A row of its own; nothing stands for NULL.
  static Row Owned(RowShape shape, const std::vector<std::optional<std::string>>& cells);

  /// The number of cells.
  std::size_t size() const { return cells_.size(); }
  /// The columns of the result; empty for a row that was made without.
  const std::vector<Column>& columns() const;

  /// A cell as the service prints it: NULL is "(null)", or the null_string that the request asked
  /// for. Undefined beyond size().
  std::string_view text(std::size_t index) const {
    if (shape_ && is_null(index)) return shape_->null_text;
    return cells_[index];
  }
  /// Whether a cell is NULL. The service prints NULL as a text, the null_string. Unless a request
  /// sets one, Client asks for a text that nobody else knows, so that a string "(null)" is none; a
  /// text that equals a null_string of the request's own is NULL.
  bool is_null(std::size_t index) const {
    return cells_[index].data() == nullptr ||
           (shape_ && cells_[index] == std::string_view(shape_->null_string));
  }

  /// The value of a cell, by position from 0: std::string, std::string_view (valid as long as the
  /// row), bool, integers, floating point, std::chrono::year_month_day (DATE), sys_seconds
  /// (DATETIME), seconds (TIME), std::optional of these, and whatever has CellTraits. OUT_OF_RANGE
  /// for a column that is not there; else the errors of Convert, with the column's name and type.
  template <typename T>
  StatusOr<T> get(std::size_t index) const {
    T value{};
    if (Status status = Read(index, value); !status.ok()) return status;
    return value;
  }
  /// The same by name (RowShape::IndexOf). NOT_FOUND for a column that is not there.
  template <typename T>
  StatusOr<T> get(std::string_view name) const {
    if (!shape_) return NotFoundError("the row has no columns");
    StatusOr<std::size_t> index = shape_->IndexOf(name);
    if (!index) return index.status();
    return get<T>(*index);
  }

  /// All cells at once. INVALID_ARGUMENT when the row has another number of them.
  template <typename... Ts>
  StatusOr<std::tuple<Ts...>> as() const {
    if (size() != sizeof...(Ts)) return WidthError(sizeof...(Ts));
    std::tuple<Ts...> values;
    Status status = ReadAll(values, std::index_sequence_for<Ts...>{});
    if (!status.ok()) return status;
    return values;
  }

 private:
  struct Storage;
  static Row Held(std::shared_ptr<const Storage> storage);

  template <typename T>
  Status Read(std::size_t index, T& value) const {
    if (index >= cells_.size()) return IndexError(index);
    Status status = Convert(Cell{cells_[index], is_null(index)}, value);
    return status.ok() ? status : InColumn(index, status);
  }
  template <typename Tuple, std::size_t... Is>
  Status ReadAll(Tuple& values, std::index_sequence<Is...>) const {
    Status status;
    (void)((status = Read(Is, std::get<Is>(values)), status.ok()) && ...);
    return status;
  }
  Status IndexError(std::size_t index) const;
  Status WidthError(std::size_t wanted) const;
  Status InColumn(std::size_t index, const Status& status) const;

  const RowShape* shape_ = nullptr;
  RowView cells_;
  std::shared_ptr<const Storage> storage_;  // null in a view
};

}  // namespace tql

#endif  // TQL_ROW_H_

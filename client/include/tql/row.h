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

/// The columns of a result and the texts of its NULL cells, shared by its rows.
///
/// Thread safety: a value type; several threads may read one object.
struct RowShape {
  std::vector<Column> columns;  ///< In the order of the cells.
  /// The text that the service was asked to send for NULL. A cell with exactly this text is NULL.
  std::string null_string = "(null)";
  /// The text that Row::text returns for NULL.
  std::string null_text = "(null)";

  /// Returns the position of the column with this name, from 0. A name that differs only in case is
  /// found if no column matches exactly. NOT_FOUND if no column matches; INVALID_ARGUMENT if
  /// several do.
  StatusOr<std::size_t> IndexOf(std::string_view name) const;
};

/// A row of a result: cells of text, converted when they are read.
///
/// ```cpp
/// for (auto& row : result) {
///   if (!row) return row.status();
///   tql::StatusOr<std::string> city = row->get<std::string>("city");
///   if (!city) return city.status();
///   std::cout << row->text(0) << " in " << *city << '\n';
/// }
/// ```
///
/// Ownership: the rows of a result that is being read are views, valid until the next row is read;
/// Own() returns a copy that owns its cells. The rows of a Table own their cells.
///
/// Thread safety: a value type; several threads may read one object.
class Row {
 public:
  /// A row without cells.
  Row() = default;
  /// A view of `cells`. `shape` and the cells must outlive it.
  Row(const RowShape* shape, RowView cells) : shape_(shape), cells_(cells) {}

  /// Returns a row that owns its cells and its shape. Copies of that row share them.
  Row Own() const;
  /// The same with a shape that many rows of one result share; it must equal this row's shape.
  Row Own(std::shared_ptr<const RowShape> shape) const;
  /// A row that owns the given cells. nullopt is NULL. For tests: see mocks::MakeRow.
  static Row Owned(RowShape shape, const std::vector<std::optional<std::string>>& cells);

  /// Number of cells.
  std::size_t size() const { return cells_.size(); }
  /// The columns of the result. Empty for a row without a shape.
  const std::vector<Column>& columns() const;

  /// A cell as the service prints it, by position from 0. NULL is "(null)", or the null_string that
  /// the request set. Undefined if `index` is not less than size().
  std::string_view text(std::size_t index) const {
    if (shape_ && is_null(index)) return shape_->null_text;
    return cells_[index];
  }
  /// Whether a cell is NULL. Undefined if `index` is not less than size().
  ///
  /// The service sends NULL as a text, the null_string. Unless the request sets it, Client chooses
  /// a random text, so that a string "(null)" is not mistaken for NULL. If the request sets it,
  /// every cell with that text is NULL.
  bool is_null(std::size_t index) const {
    if (cells_[index].data() == nullptr) return true;
    return shape_ && cells_[index] == shape_->null_string;
  }

  /// The value of a cell, by position from 0.
  ///
  /// T is std::string, std::string_view (valid as long as the row), bool, an integer, a
  /// floating-point type, std::chrono::year_month_day (DATE), std::chrono::sys_seconds (DATETIME),
  /// std::chrono::seconds (TIME), another type with CellTraits, or std::optional of one of these.
  ///
  /// Errors: OUT_OF_RANGE if the row has no such column; FAILED_PRECONDITION for NULL if T is not a
  /// std::optional; INVALID_ARGUMENT if the text is not a T. Messages have the column's name and
  /// type.
  template <typename T>
  StatusOr<T> get(std::size_t index) const {
    T value{};
    if (Status status = Read(index, value); !status.ok()) return status;
    return value;
  }
  /// The same by name (RowShape::IndexOf). NOT_FOUND if the row has no such column.
  template <typename T>
  StatusOr<T> get(std::string_view name) const {
    if (!shape_) return NotFoundError("the row has no columns");
    StatusOr<std::size_t> index = shape_->IndexOf(name);
    if (!index) return index.status();
    return get<T>(*index);
  }

  /// All cells as a tuple. INVALID_ARGUMENT if the number of cells is not sizeof...(Ts); otherwise
  /// the errors of get.
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
  static Row FromStorage(std::shared_ptr<const Storage> storage);

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

#include "mockserver/storage/sqlite/row_values.h"

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>

namespace tql::storage::sqlite {

std::span<const values::Datum> RowValues::Read(sqlite3_stmt* statement) {
  for (std::size_t i = 0; i < values_.size(); ++i) {
    sqlite3_value* const value = sqlite3_column_value(statement, static_cast<int>(i));
    switch (sqlite3_value_type(value)) {
      case SQLITE_INTEGER: {
        const std::int64_t integer = sqlite3_value_int64(value);
        values_[i] = real_[i] ? values::Datum::Real(static_cast<double>(integer))
                              : values::Datum::Integer(integer);
        break;
      }
      case SQLITE_FLOAT:
        values_[i] = values::Datum::Real(sqlite3_value_double(value));
        break;
      case SQLITE_NULL:
        values_[i] = values::Datum::Null();
        break;
      default: {
        const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(value));
        const auto size = static_cast<std::size_t>(sqlite3_value_bytes(value));
        values_[i] = values::Datum::Text({text, size});
      }
    }
  }
  return values_;
}

}  // namespace tql::storage::sqlite

// Formats the cells of a result as text.
#ifndef TQLKIT_MOCKSERVER_ENGINE_CELL_FORMATTER_H_
#define TQLKIT_MOCKSERVER_ENGINE_CELL_FORMATTER_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/statement_options.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/values/datum.h"
#include "mockserver/values/temporal_format.h"
#include "tql/status.h"

namespace tql::engine {

/// Formats rows without allocating memory for each; the format of a column is determined once.
class RowFormatter {
 public:
  /// Returns INVALID_ARGUMENT if a date format is too long. The options must outlive the formatter.
  static StatusOr<RowFormatter> Create(std::span<const Column> columns,
                                       const FormatOptions& options);

  /// Returns one text per value, valid until the next call and as long as the row is.
  std::span<const std::string_view> Format(std::span<const values::Datum> row);

 private:
  enum class Kind : std::uint8_t { kPlain, kBool, kFloat, kDate, kDateTime, kTime, kCustom };
  struct Cell {
    Kind kind = Kind::kPlain;
    std::uint8_t format = 0;  // For kCustom: the index in formats_.
    std::uint32_t text = 0;   // For kCustom: the index in custom_texts_.
    char* buffer = nullptr;
  };
  explicit RowFormatter(const FormatOptions& options) : options_(&options) {}
  std::string_view FormatInteger(Cell& cell, std::int64_t value);

  const FormatOptions* options_;
  std::optional<values::TemporalFormat> formats_[3];  // Of dates, date-times and times, if needed.
  std::vector<Cell> cells_;
  std::vector<std::string> custom_texts_;
  std::vector<std::string_view> texts_;
  std::unique_ptr<char[]> buffers_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_CELL_FORMATTER_H_

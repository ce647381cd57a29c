// Rows in the form in which a sink writes them, so that any thread can encode them.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ROW_ENCODER_H_
#define TQLKIT_MOCKSERVER_ENGINE_ROW_ENCODER_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tql::engine {

/// Encodes rows as the sink that returns it needs them. Thread-safe.
class RowEncoder {
 public:
  virtual ~RowEncoder() = default;
  /// Appends a row to `out`. The cells must not point into `out`.
  virtual void Append(std::span<const std::string_view> cells, std::string& out) const = 0;
};

/// Rows that a RowEncoder has encoded, one after the other, and what a sink counts of them.
struct EncodedRows {
  std::string bytes;
  std::size_t rows = 0;
  std::size_t cell_bytes = 0;  // the size of the cells' texts
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ROW_ENCODER_H_

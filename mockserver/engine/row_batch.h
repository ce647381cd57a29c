// Formatted rows, kept until they are written.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ROW_BATCH_H_
#define TQLKIT_MOCKSERVER_ENGINE_ROW_BATCH_H_

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/row_encoder.h"

namespace tql::engine {

/// Rows as cells, or as a RowEncoder has encoded them.
class RowBatch {
 public:
  /// Removes all rows and keeps the memory. Rows that are added are encoded, unless `encoder` is
  /// null; it is borrowed.
  void Reset(const RowEncoder* encoder) {
    encoder_ = encoder;
    texts_.clear();
    ends_.clear();
    encoded_.bytes.clear();
    encoded_.rows = encoded_.cell_bytes = 0;
  }
  /// Copies or encodes the cells of a row.
  void Add(std::span<const std::string_view> cells) {
    ++encoded_.rows;
    if (encoder_ != nullptr) {
      encoder_->Append(cells, encoded_.bytes);
      for (const std::string_view cell : cells) encoded_.cell_bytes += cell.size();
      return;
    }
    for (const std::string_view cell : cells) {
      texts_ += cell;
      ends_.push_back(texts_.size());
    }
  }
  /// The encoded rows; null if the batch has cells.
  EncodedRows* encoded() { return encoder_ != nullptr ? &encoded_ : nullptr; }
  /// Calls `visit` with the cells of each row, in order, until it returns false. Returns whether
  /// all rows were visited and accepted. Requires that encoded() is null.
  template <typename Visit>
  bool ForEach(const Visit& visit) const {
    std::vector<std::string_view> cells(rows() > 0 ? ends_.size() / rows() : 0);
    std::size_t begin = 0;
    auto end = ends_.begin();
    for (std::size_t row = 0; row < rows(); ++row) {
      for (std::string_view& cell : cells) {
        cell = std::string_view(texts_.data() + begin, *end - begin);
        begin = *end++;
      }
      if (!visit(std::span<const std::string_view>(cells))) return false;
    }
    return true;
  }

  std::size_t rows() const { return encoded_.rows; }
  std::size_t bytes() const {
    return texts_.size() + ends_.size() * sizeof(std::size_t) + encoded_.bytes.size();
  }

 private:
  const RowEncoder* encoder_ = nullptr;
  EncodedRows encoded_;  // its number of rows is also that of cells
  std::string texts_;
  std::vector<std::size_t> ends_;  // of each cell in texts_
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ROW_BATCH_H_

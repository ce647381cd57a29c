// Encoding and decoding of rows in process: our codec and protobuf's JsonUtil on the same data.
#ifndef TOOLS_TQLBENCH_CODEC_H_
#define TOOLS_TQLBENCH_CODEC_H_

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlbench/lineitem.h"
#include "tql/status.h"

namespace tqlbench {

/// Rows held as text.
class RowBlock {
 public:
  RowBlock(Shape shape, std::uint64_t rows);
  std::uint64_t rows() const { return cells_.size() / kLineitemColumns; }
  std::uint64_t cell_bytes() const { return text_.size(); }
  std::span<const std::string_view> Row(std::uint64_t index) const {
    return std::span(cells_).subspan(index * kLineitemColumns, kLineitemColumns);
  }

 private:
  std::string text_;
  std::vector<std::string_view> cells_;
};

/// Write the rows as responses to statements, one line per 1,000 rows: EncodeFast() cell by cell,
/// EncodeReference() through a message for JsonUtil. Append the lines to `out` if it is not null.
/// Return the number of bytes.
std::uint64_t EncodeFast(const RowBlock& block, std::string* out);
std::uint64_t EncodeReference(const RowBlock& block, std::string* out);

struct Decoded {
  std::uint64_t rows = 0;
  std::uint64_t cell_bytes = 0;
};
/// Read such lines: DecodeFast() in blocks of 64 KiB into views, DecodeReference() line by line
/// into messages.
tql::StatusOr<Decoded> DecodeFast(std::string_view body);
tql::StatusOr<Decoded> DecodeReference(std::string_view body);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_CODEC_H_

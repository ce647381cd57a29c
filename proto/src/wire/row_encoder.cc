#include "tql/wire/row_encoder.h"

#include <cstddef>

#include "proto/base/json_string.h"
#include "proto/base/json_writer.h"

namespace tql {
namespace {

/// Cells up to this size are encoded in a buffer on the stack, which has room for the worst case,
/// and then appended.
constexpr std::size_t kPiece = 4096;
constexpr std::size_t kBuffer = kPiece * base::kMaxJsonGrowth + 4096;

}  // namespace

// Appending a full buffer is faster than appending each cell to the string.
void AppendRow(std::span<const std::string_view> cells, std::string* out) {
  if (cells.empty()) {
    *out += "{}";
    return;
  }
  char buffer[kBuffer];
  char* at = buffer;
  *out += "{\"v\":";
  char separator = '[';
  for (const std::string_view cell : cells) {
    const auto used = static_cast<std::size_t>(at - buffer);
    if (used + cell.size() * base::kMaxJsonGrowth + 32 > kBuffer) {
      out->append(buffer, used);
      at = buffer;
    }
    *at++ = separator;
    separator = ',';
    if (cell.size() <= kPiece) {
      at = base::PutJsonString(cell, at);
      continue;
    }
    out->append(buffer, static_cast<std::size_t>(at - buffer));
    at = buffer;
    base::AppendJsonString(cell, out);
  }
  out->append(buffer, static_cast<std::size_t>(at - buffer));
  *out += "]}";
}

}  // namespace tql

#include "tql/wire/row_encoder.h"
#include "proto/base/json_writer.h"

#include <cstddef>

#include "proto/base/json_writer.h"

namespace tql {
namespace {

/// Cells up to this size are written on the stack, in their worst case, and then appended.
constexpr std::size_t kPiece = 4096;
constexpr std::size_t kBuffer = kPiece * base::kMaxJsonGrowth + 4096;

}  // namespace

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

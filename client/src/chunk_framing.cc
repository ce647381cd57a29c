#include "client/src/chunk_framing.h"

#include <algorithm>

#include "proto/base/text.h"

namespace tql {

void ChunkFraming::Pass(std::string_view bytes) {
  while (!bytes.empty() && part_ != Part::kTrailer) {
    if (part_ == Part::kData) {
      const std::uint64_t n = std::min<std::uint64_t>(left_, bytes.size());
      left_ -= n;
      if (left_ == 0) part_ = Part::kDataEnd;
      bytes.remove_prefix(n);
    } else {
      PassByte(bytes.front());
      bytes.remove_prefix(1);
    }
  }
}

void ChunkFraming::PassByte(char c) {
  if (c == '\n') {
    const bool is_last = part_ != Part::kDataEnd && has_digits_ && left_ == 0;
    part_ = is_last ? Part::kTrailer : part_ == Part::kDataEnd ? Part::kSize : Part::kData;
    has_digits_ = false;
    return;
  }
  if (part_ != Part::kSize) return;
  if (const int digit = base::HexDigit(c); digit >= 0) {
    left_ = left_ << 4U | static_cast<std::uint64_t>(digit);
    has_digits_ = true;
  } else {
    part_ = Part::kExtension;
  }
}

}  // namespace tql

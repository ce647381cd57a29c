#include "client/src/chunk_reader.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "client/src/record_end.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql {
namespace {

std::optional<char> FirstOf(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text.front());
}

}  // namespace

ChunkReader::ChunkReader(const LoadRequest& request)
    : request_(request),
      csv_(base::EqualsIgnoreCase(request.format.type.value_or("CSV"), "CSV")),
      size_(std::max<std::size_t>(request.chunk_bytes, 1)),
      buffer_(std::make_unique_for_overwrite<char[]>(size_)) {}

StatusOr<std::string_view> ChunkReader::Next() {
  filled_ -= returned_;
  std::memmove(buffer_.get(), buffer_.get() + returned_, filled_);
  returned_ = 0;
  while (filled_ < size_ && !last_) {
    TQL_ASSIGN_OR_RETURN(const std::size_t got,
                         request_.source(buffer_.get() + filled_, size_ - filled_));
    last_ = got == 0;
    filled_ += got;
  }
  // Without the end of a record the chunk ends anywhere: the service joins chunks.
  const std::size_t whole = last_ ? 0 : WholeRecords();
  returned_ = whole > 0 ? whole : filled_;
  return std::string_view(buffer_.get(), returned_);
}

std::size_t ChunkReader::WholeRecords() const {
  const std::string_view text(buffer_.get(), filled_);
  const LoadFormat& format = request_.format;
  return csv_ ? WholeCsvRecords(text, FirstOf(format.enclosing_character.value_or("\"")))
              : WholeDelimitedRecords(text, FirstOf(format.escape_character.value_or("")));
}

}  // namespace tql

#include "mockserver/frontend/http/request_body.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <limits>
#include <utility>

#include "proto/base/text.h"

namespace tql::frontend {
namespace {

constexpr std::size_t kMaxChunkLine = 1024;

bool IsControl(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == '\x7F';
}

}  // namespace

void RequestBody::Begin(const Framing& framing, Allows allows) {
  allows_ = std::move(allows);
  chunked_ = framing.chunked;
  remaining_ = framing.length;
  complete_ = !chunked_ && remaining_ == 0;
  chunk_ = Chunk::kSize;
  size_ = trailer_bytes_ = 0;
  line_.clear();
  refusal_.reset();
}

std::size_t RequestBody::Decode(std::string_view& bytes, char* data, std::size_t room) {
  std::size_t written = 0;
  while (!bytes.empty() && !complete_ && !refusal_) {
    if (chunked_ && chunk_ != Chunk::kData) {
      TakeLine(bytes);
      continue;
    }
    if (written == room) break;
    written += Copy(bytes, data + written, room - written);
    if (remaining_ > 0) continue;
    complete_ = !chunked_;
    chunk_ = Chunk::kDataEnd;
  }
  return written;
}

std::size_t RequestBody::Copy(std::string_view& bytes, char* data, std::size_t room) {
  const std::size_t n = std::min({bytes.size(), remaining_, room});
  std::memcpy(data, bytes.data(), n);
  bytes.remove_prefix(n);
  remaining_ -= n;
  size_ += n;
  return n;
}

void RequestBody::TakeLine(std::string_view& bytes) {
  const std::size_t newline = bytes.find('\n');
  const std::size_t taken = newline == std::string_view::npos ? bytes.size() : newline + 1;
  if (line_.size() + taken > kMaxChunkLine) {
    return Refuse(
        400, "Bad chunk: found a line of more than " + std::to_string(kMaxChunkLine) + " bytes.");
  }
  line_.append(bytes.substr(0, taken));
  bytes.remove_prefix(taken);
  if (newline == std::string_view::npos) return;
  if (!line_.ends_with("\r\n")) {
    return Refuse(400, "Bad chunk: found a line feed alone, expected a carriage return before.");
  }
  EndLine();
  line_.clear();
}

void RequestBody::EndLine() {
  const std::string_view text(line_.data(), line_.size() - 2);
  const bool empty = text.empty();
  // Another reader of the connection may take a carriage return alone for the end of the line.
  if (std::ranges::any_of(text, IsControl)) {
    return Refuse(400,
                  "Bad chunk: " + Found(text) + ", expected a line without control characters.");
  }
  if (chunk_ == Chunk::kSize) {
    ReadChunkSize();
  } else if (chunk_ == Chunk::kDataEnd) {
    if (!empty) return Refuse(400, "Bad chunk: " + Found(line_) + ", expected its end.");
    chunk_ = Chunk::kSize;
  } else if (empty) {  // the end of the trailers, which are ignored
    complete_ = true;
  } else if (const std::size_t colon = text.find(':'); colon == 0 || colon == text.npos) {
    Refuse(400, "Bad trailer: " + Found(text) + ", expected NAME: VALUE.");
  } else if ((trailer_bytes_ += line_.size()) > max_trailer_bytes_) {
    Refuse(431, "The trailers of the request have more than " + std::to_string(max_trailer_bytes_) +
                    " bytes, expected at most " + std::to_string(max_trailer_bytes_) + '.');
  }
}

void RequestBody::ReadChunkSize() {
  std::string_view size = std::string_view(line_).substr(0, line_.size() - 2);
  size = base::Trim(size.substr(0, size.find(';')), kHeaderBlanks);
  constexpr std::size_t kMost = std::numeric_limits<std::size_t>::max();
  std::size_t number = 0;
  const auto [end, error] = std::from_chars(size.data(), size.data() + size.size(), number, 16);
  const bool too_large = error == std::errc::result_out_of_range;
  if (!too_large && (error != std::errc() || end != size.data() + size.size())) {
    return Refuse(400, "Bad chunk: " + Found(size) + ", expected its size in hexadecimal.");
  }
  const std::size_t whole = too_large ? kMost : size_ + std::min(number, kMost - size_);
  if (allows_) refusal_ = allows_(whole);
  if (!refusal_ && too_large) {
    Refuse(413, "Bad chunk: " + Found(size) + ", expected a size of at most " +
                    std::to_string(kMost) + " bytes.");
  }
  remaining_ = number;
  chunk_ = number == 0 ? Chunk::kTrailer : Chunk::kData;
}

}  // namespace tql::frontend

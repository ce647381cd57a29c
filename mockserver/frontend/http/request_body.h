// Decodes the framing of request bodies: a length, or chunks.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_BODY_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_BODY_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/frontend/http/request_head.h"

namespace tql::frontend {

/// Decodes incrementally, for any split of the bytes. cpp-httplib accepts invalid chunk sizes,
/// rejects trailers, and misses the boundary of a form that is split between chunks.
class RequestBody {
 public:
  /// Called with the size of the body, as far as it is known. A refusal ends the body.
  using Allows = std::function<std::optional<Refusal>(std::size_t bytes)>;

  explicit RequestBody(std::size_t max_trailer_bytes) : max_trailer_bytes_(max_trailer_bytes) {}

  /// Starts the body of a request. The caller has already checked a length.
  void Begin(const Framing& framing, Allows allows);
  /// Removes framed bytes from the front of `bytes` and writes up to `room` bytes of the body to
  /// `data`. Returns the number of bytes written. Removes nothing after the end of the body or a
  /// refusal.
  std::size_t Decode(std::string_view& bytes, char* data, std::size_t room);

  bool complete() const { return complete_; }
  const std::optional<Refusal>& refusal() const { return refusal_; }
  /// Number of bytes decoded so far.
  std::size_t size() const { return size_; }

 private:
  enum class Chunk : std::uint8_t { kSize, kData, kDataEnd, kTrailer };
  std::size_t Copy(std::string_view& bytes, char* data, std::size_t room);
  void TakeLine(std::string_view& bytes);
  void EndLine();
  void ReadChunkSize();
  void Refuse(int status, std::string why) { refusal_ = Refusal{status, std::move(why)}; }

  const std::size_t max_trailer_bytes_;
  Allows allows_;
  bool chunked_ = false;
  bool complete_ = true;
  Chunk chunk_ = Chunk::kSize;
  std::size_t remaining_ = 0;  // bytes left of the body or the chunk
  std::size_t size_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::string line_;  // current line of the chunked framing
  std::optional<Refusal> refusal_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_BODY_H_

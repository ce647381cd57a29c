// The body of a request out of its framing: by length, or in chunks.
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

/// Takes the framing off, at any split of the bytes. cpp-httplib would take much for a chunk's size
/// that is not one, refuse trailers, and lose the boundary of a form that a chunk divides.
class RequestBody {
 public:
  /// Asked about the length of the body, as far as it is known: a refusal ends it.
  using Allows = std::function<std::optional<Refusal>(std::size_t bytes)>;

  explicit RequestBody(std::size_t max_trailer_bytes) : max_trailer_bytes_(max_trailer_bytes) {}

  /// Begins the body of a request. A length was allowed before.
  void Begin(const Framing& framing, Allows allows);
  /// Takes framed bytes off the front of `bytes` and writes up to `room` bytes of the body to
  /// `data`. Returns how many it wrote; takes nothing more once complete() or refused.
  std::size_t Decode(std::string_view& bytes, char* data, std::size_t room);

  bool complete() const { return complete_; }
  const std::optional<Refusal>& refusal() const { return refusal_; }
  /// How many bytes of the body were decoded.
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
  std::size_t remaining_ = 0;  // bytes of the body, or of the chunk
  std::size_t size_ = 0;
  std::size_t trailer_bytes_ = 0;
  std::string line_;  // of the chunked framing
  std::optional<Refusal> refusal_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_BODY_H_

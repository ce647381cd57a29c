// The framing of a chunked body (RFC 9112, section 7.1), to find the fields after the last chunk.
#ifndef TQLKIT_CLIENT_SRC_CHUNK_FRAMING_H_
#define TQLKIT_CLIENT_SRC_CHUNK_FRAMING_H_

#include <cstdint>
#include <string_view>

namespace tql {

/// Follows the bytes of a chunked body. It checks nothing; bytes that are not chunks never reach
/// the trailer.
class ChunkFraming {
 public:
  /// Takes the next bytes of the body.
  void Pass(std::string_view bytes);
  /// Whether the last chunk has ended: only fields and an empty line follow.
  bool in_trailer() const { return part_ == Part::kTrailer; }

 private:
  enum class Part : std::uint8_t { kSize, kExtension, kData, kDataEnd, kTrailer };
  void PassByte(char c);

  Part part_ = Part::kSize;
  std::uint64_t left_ = 0;  // of the chunk; while its size is read, the digits so far
  bool has_digits_ = false;
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_CHUNK_FRAMING_H_

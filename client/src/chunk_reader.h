// The text of a load, in chunks that end at record ends if possible.
#ifndef TQLKIT_CLIENT_SRC_CHUNK_READER_H_
#define TQLKIT_CLIENT_SRC_CHUNK_READER_H_

#include <cstddef>
#include <memory>
#include <optional>
#include <string_view>

#include "tql/load.h"
#include "tql/status.h"

namespace tql {

/// Cuts what LoadRequest::source returns into chunks of at most LoadRequest::chunk_bytes.
class ChunkReader {
 public:
  /// Does not own `request`.
  explicit ChunkReader(const LoadRequest& request);

  /// Reads the next chunk, which is valid until the next call. Returns the error of the source.
  StatusOr<std::string_view> Next();
  /// Whether the last chunk was read.
  bool last() const { return last_; }

 private:
  std::size_t WholeRecords() const;

  const LoadRequest& request_;
  const bool csv_;
  const std::size_t size_;
  // One buffer for all chunks: writing to fresh memory takes longer than sending it.
  const std::unique_ptr<char[]> buffer_;
  std::size_t filled_ = 0;
  std::size_t returned_ = 0;  // the size of the current chunk; the next one begins after it
  bool last_ = false;
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_CHUNK_READER_H_

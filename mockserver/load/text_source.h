// Reads what was uploaded.
#ifndef TQLKIT_MOCKSERVER_LOAD_TEXT_SOURCE_H_
#define TQLKIT_MOCKSERVER_LOAD_TEXT_SOURCE_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "mockserver/load/spool.h"
#include "tql/status.h"

namespace tql::load {

/// The bytes of one upload.
struct Upload {
  std::shared_ptr<const SpooledBytes> bytes;
  bool gzip = false;
};

/// The text of one upload, or of several as if they were one. Thread safety: one thread.
class TextSource {
 public:
  explicit TextSource(std::vector<Upload> uploads);
  ~TextSource();
  TextSource(const TextSource&) = delete;
  TextSource& operator=(const TextSource&) = delete;

  /// Reads up to `size` bytes; returns 0 at the end. INVALID_ARGUMENT for invalid gzip data;
  /// UNAVAILABLE if the spool cannot be read.
  StatusOr<std::size_t> Read(char* into, std::size_t size);

 private:
  class Gunzip;
  StatusOr<std::size_t> ReadBytes(char* into, std::size_t size);

  const std::vector<Upload> uploads_;
  std::size_t next_ = 0;  // the upload being read
  std::uint64_t offset_ = 0;
  std::unique_ptr<Gunzip> gunzip_;  // if that one is compressed and has begun
};

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_TEXT_SOURCE_H_

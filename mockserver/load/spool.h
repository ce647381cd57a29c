// Keeps uploaded bytes on disk until their load is committed.
#ifndef TQLKIT_MOCKSERVER_LOAD_SPOOL_H_
#define TQLKIT_MOCKSERVER_LOAD_SPOOL_H_

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::load {

/// One file without a name, which the kernel removes when the process ends, however it ends. It is
/// divided into extents, so that any number of uploads need one descriptor. It is created when it
/// is first written. Thread-safe.
class Spool {
 public:
  static constexpr std::size_t kExtentBytes = std::size_t{256} << 10;

  explicit Spool(std::filesystem::path folder) : folder_(std::move(folder)) {}
  ~Spool();
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;

 private:
  friend class SpooledBytes;
  /// Returns the position of a free extent. UNAVAILABLE if the file cannot be created.
  StatusOr<std::uint64_t> Allocate();
  /// Frees extents and their space on the disk.
  void Release(std::span<const std::uint64_t> extents);
  /// UNAVAILABLE if the disk is full, or another error of the disk occurred.
  Status Write(std::uint64_t position, std::string_view bytes) const;
  StatusOr<std::size_t> Read(std::uint64_t position, char* into, std::size_t size) const;

  const std::filesystem::path folder_;
  base::Mutex mutex_;
  int fd_ = -1;  // set once, by Allocate
  std::uint64_t end_ TQL_GUARDED_BY(mutex_) = 0;
  std::vector<std::uint64_t> free_ TQL_GUARDED_BY(mutex_);
};

/// Bytes in a spool, which must outlive them. One thread appends; after Finish any number of
/// threads read.
class SpooledBytes {
 public:
  explicit SpooledBytes(Spool& spool) : spool_(spool) {}
  ~SpooledBytes() { spool_.Release(extents_); }
  SpooledBytes(const SpooledBytes&) = delete;
  SpooledBytes& operator=(const SpooledBytes&) = delete;

  Status Append(std::string_view bytes);
  /// To be called after the last Append.
  Status Finish();
  std::uint64_t size() const { return written_ + pending_.size(); }
  /// Reads up to `size` bytes from `offset` of what was written; 0 at the end.
  StatusOr<std::size_t> Read(std::uint64_t offset, char* into, std::size_t size) const;

 private:
  Status Flush();

  Spool& spool_;
  std::vector<std::uint64_t> extents_;  // all of them full, except the last
  std::uint64_t written_ = 0;
  std::string pending_;  // appended and not written yet
};

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_SPOOL_H_

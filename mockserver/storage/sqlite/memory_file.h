// A file in memory: its bytes, its locks, its shared index. SQLite accesses it through handles of
// the VFS.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_FILE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_FILE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

#include "mockserver/storage/sqlite/page_pool.h"
#include "proto/base/copy_on_write.h"
#include "proto/base/mutex.h"

namespace tql::storage::sqlite {

/// The bytes of a file: pages in extents. A copy shares the extents; a write copies the page that
/// it changes, and the extent's table of pages, if another file shares them. So a copy increments
/// one reference count per extent, 100 for 100 MiB.
///
/// Thread safety: every method may be called from any thread, also while the object is copied. A
/// reader sees each write completely or not at all. Shared pages never change, so each file needs
/// only its own lock.
class MemoryBytes {
 public:
  MemoryBytes() = default;
  MemoryBytes(const MemoryBytes& other);
  MemoryBytes& operator=(const MemoryBytes&) = delete;

  /// Copies [offset, offset + size) and fills what is beyond the end with zeros. Returns false if
  /// the range exceeds the file.
  bool Read(void* out, std::size_t size, std::uint64_t offset) const;
  /// False if memory runs out; then nothing is written.
  bool Write(const void* data, std::size_t size, std::uint64_t offset);
  /// Never extends the file. False if memory runs out; then nothing is changed.
  bool Truncate(std::uint64_t size);
  std::uint64_t size() const;
  /// The page at a multiple of kPage, which others may share from now on; null: zeros.
  SharedPage PageOf(std::uint64_t offset) const;
  /// Writes `page` at a multiple of kPage without copying it. False if memory runs out.
  bool Share(SharedPage page, std::uint64_t offset);
  /// The bytes of the pages that no copy shares. A page with one other owner counts, too, if it is
  /// one of `shared`.
  std::uint64_t OwnBytes(const std::unordered_set<const Page*>& shared = {}) const;
  /// The pages that have another owner, which is no copy of this object as a whole.
  std::unordered_set<const Page*> SharedPages() const;

  static constexpr std::size_t kPage = sizeof(Page);

 private:
  static constexpr std::size_t kPagesPerExtent = 256;
  static constexpr std::size_t kExtent = kPage * kPagesPerExtent;
  /// A null page stands for zeros.
  struct Extent {
    std::array<SharedPage, kPagesPerExtent> pages;
  };

  /// Calls `visit` for each page that overlaps [begin, end): its offset in the file, and the
  /// overlap as offsets in the page.
  template <typename Visit>
  static void ForEachPage(std::uint64_t begin, std::uint64_t end, const Visit& visit);
  const std::byte* PageAt(std::uint64_t at) const TQL_REQUIRES_SHARED(mutex_);
  /// The entry of the page in the tables. Throws std::bad_alloc.
  SharedPage& EntryAt(std::uint64_t at) TQL_REQUIRES(mutex_);
  /// The page, no longer shared; created if missing. Its bytes are unspecified if it is going to be
  /// written as a whole. Throws std::bad_alloc.
  std::byte* OwnPageAt(std::uint64_t at, bool whole = false) TQL_REQUIRES(mutex_);

  mutable base::SharedMutex mutex_;
  /// The bytes of the last page beyond it are zeros.
  std::uint64_t size_ TQL_GUARDED_BY(mutex_) = 0;
  /// A null extent stands for zeros.
  std::vector<base::CopyOnWrite<Extent>> extents_ TQL_GUARDED_BY(mutex_);
};

/// The bytes of a write-ahead log: a header, and frames of a header and a page of the database
/// (section 4.1 of SQLite's file format). A page of the log is a page of memory, so that the
/// database can share it when a checkpoint copies it there.
///
/// Thread safety: that of MemoryBytes, apart from writes, of which there is one at a time.
class LogBytes {
 public:
  LogBytes() = default;
  LogBytes(const LogBytes& other);
  LogBytes& operator=(const LogBytes&) = delete;

  // As those of MemoryBytes, but if memory runs out, a part of the range may have been written.
  // SQLite does not read it: the transaction has failed.
  bool Read(void* out, std::size_t size, std::uint64_t offset) const;
  bool Write(const void* data, std::size_t size, std::uint64_t offset);
  bool Truncate(std::uint64_t size);
  std::uint64_t size() const { return size_.load(std::memory_order_acquire); }
  std::uint64_t OwnBytes() const { return headers_.OwnBytes() + pages_.OwnBytes(); }
  const MemoryBytes& pages() const { return pages_; }

  /// The offset in pages() of the page at `offset`; nullopt if a page does not begin there.
  static std::optional<std::uint64_t> PlaceOfPage(std::uint64_t offset);

 private:
  /// Calls `visit` for each part of [begin, end): the MemoryBytes that has the part, its offset in
  /// them, its offset in the log, and its size.
  template <typename Self, typename Visit>
  static bool ForEachPart(Self& self, std::uint64_t begin, std::uint64_t end, const Visit& visit);

  std::atomic<std::uint64_t> size_ = 0;
  MemoryBytes headers_;  // of the log, and of each frame
  MemoryBytes pages_;
};

/// The locks of a database file among the connections of this process, as SQLite defines them: any
/// number of connections share it; one of them may reserve it, and own it when the others have
/// left.
class FileLock {
 public:
  /// In the order of SQLITE_LOCK_NONE to SQLITE_LOCK_EXCLUSIVE.
  enum Level : int { kNone = 0, kShared, kReserved, kPending, kExclusive };

  /// Raises the level `*held` of a connection; false if another connection prevents it. An attempt
  /// at kExclusive that fails because of readers leaves kPending, which admits no new reader.
  bool Raise(Level* held, Level wanted);
  /// Lowers it to kShared or kNone.
  void Lower(Level* held, Level wanted);
  /// Whether a connection has kReserved or more.
  bool reserved() const;

 private:
  mutable base::Mutex mutex_;
  int shared_ TQL_GUARDED_BY(mutex_) = 0;  // connections with kShared or more
  // The level of the connection with more than kShared.
  const Level* writer_ TQL_GUARDED_BY(mutex_) = nullptr;
};

/// The memory that the connections to a write-ahead log share, and its eight locks.
class SharedIndex {
 public:
  static constexpr int kLocks = 8;
  /// The locks of one connection, one bit each.
  struct Held {
    std::uint8_t shared = 0;
    std::uint8_t exclusive = 0;
  };

  /// Sets `*region` to region `index` of `size` bytes, initially zeros, or to null if it does not
  /// exist and `extend` is false. False if memory runs out.
  bool Map(int index, std::size_t size, bool extend, volatile void** region);
  /// Takes the locks [first, first + count). False, without any of them, if another connection has
  /// one of them.
  bool Lock(Held* held, int first, int count, bool exclusive);
  void Unlock(Held* held, int first, int count);
  void UnlockAll(Held* held);
  /// What was written before the call is visible to later callers.
  void Barrier();
  /// Frees the regions, which nobody may use any more.
  void Clear();

 private:
  base::Mutex mutex_;
  std::vector<std::unique_ptr<std::byte[]>> regions_ TQL_GUARDED_BY(mutex_);
  // -1: exclusive; otherwise the number of shared holders.
  std::array<int, kLocks> locks_ TQL_GUARDED_BY(mutex_){};
};

struct MemoryFile {
  enum class Kind : std::uint8_t { kDatabase, kLog };

  explicit MemoryFile(Kind of) : kind(of) {}
  /// A file with the same bytes, without locks and index.
  MemoryFile(const MemoryFile& other) : kind(other.kind), bytes(other.bytes), log(other.log) {}
  MemoryFile& operator=(const MemoryFile&) = delete;

  // As those of MemoryBytes.
  bool Read(void* out, std::size_t size, std::uint64_t offset) const {
    return kind == Kind::kLog ? log.Read(out, size, offset) : bytes.Read(out, size, offset);
  }
  bool Write(const void* data, std::size_t size, std::uint64_t offset) {
    return kind == Kind::kLog ? log.Write(data, size, offset) : bytes.Write(data, size, offset);
  }
  bool Truncate(std::uint64_t size) {
    return kind == Kind::kLog ? log.Truncate(size) : bytes.Truncate(size);
  }
  std::uint64_t size() const { return kind == Kind::kLog ? log.size() : bytes.size(); }

  const Kind kind;
  MemoryBytes bytes;  // of a database
  LogBytes log;       // of a log
  FileLock lock;
  SharedIndex index;
};

/// The bytes of a database and its log, which may be null, that no copy shares.
std::uint64_t OwnBytes(const MemoryFile& database, const MemoryFile* log);

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_FILE_H_

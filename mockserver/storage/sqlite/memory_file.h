// One file in memory: its bytes, its locks, its shared index. What the VFS hands to SQLite are
// handles on it.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_FILE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_FILE_H_

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "proto/base/copy_on_write.h"
#include "proto/base/mutex.h"

namespace tql::storage::sqlite {

/// The bytes of a file: pages in extents, which never move. A copy shares the extents; a write
/// copies the page it changes (and the table of pages of its extent) when another file has it, too.
/// So a copy costs one count an extent, 100 for 100 MiB.
///
/// Thread safety: any number of threads, also while it is copied. A reader sees each write as a
/// whole or not at all. Nothing that two files share is changed, so each file needs no lock but
/// its own.
class MemoryBytes {
 public:
  MemoryBytes() = default;
  MemoryBytes(const MemoryBytes& other);
  MemoryBytes& operator=(const MemoryBytes&) = delete;

  /// Copies what lies in [offset, offset + size) and fills what lies beyond the end with zeros.
  /// Returns whether all of it was there.
  bool Read(void* out, std::size_t size, std::uint64_t offset) const;
  /// False: no memory left, nothing written.
  bool Write(const void* data, std::size_t size, std::uint64_t offset);
  /// Never makes it longer. False: no memory left, nothing changed.
  bool Truncate(std::uint64_t size);
  std::uint64_t size() const;

 private:
  static constexpr std::size_t kPage = std::size_t{4} << 10;
  static constexpr std::size_t kPagesPerExtent = 256;
  static constexpr std::size_t kExtent = kPage * kPagesPerExtent;
  struct Page {
    std::array<std::byte, kPage> bytes;
  };
  /// A page that is null holds zeros.
  struct Extent {
    std::array<base::CopyOnWrite<Page>, kPagesPerExtent> pages;
  };

  /// Calls `visit` with the offset of each page that overlaps [begin, end), its first and its last
  /// byte in there, relative to the page.
  template <typename Visit>
  static void ForEachPage(std::uint64_t begin, std::uint64_t end, const Visit& visit);
  const std::byte* PageAt(std::uint64_t at) const TQL_REQUIRES_SHARED(mutex_);
  /// The page as this file's own; made when it is missing. Throws std::bad_alloc.
  std::byte* OwnPageAt(std::uint64_t at) TQL_REQUIRES(mutex_);

  mutable base::SharedMutex mutex_;
  /// Bytes of the last page behind it are zeros.
  std::uint64_t size_ TQL_GUARDED_BY(mutex_) = 0;
  /// Those that are null hold zeros.
  std::vector<base::CopyOnWrite<Extent>> extents_ TQL_GUARDED_BY(mutex_);
};

/// The locks of a database file among the connections of this process: any number share it, one of
/// them may reserve it, and get it alone when the others have left.
class FileLock {
 public:
  /// In the order of SQLITE_LOCK_NONE to SQLITE_LOCK_EXCLUSIVE.
  enum Level : int { kNone = 0, kShared, kReserved, kPending, kExclusive };

  /// Raises a holder's level from `*held`; false: another is in the way. An attempt at kExclusive
  /// that fails for readers leaves kPending, which lets no new reader in.
  bool Raise(Level* held, Level wanted);
  /// Lowers it to kShared or kNone.
  void Lower(Level* held, Level wanted);
  /// Whether anyone holds kReserved or more.
  bool reserved() const;

 private:
  mutable base::Mutex mutex_;
  int shared_ TQL_GUARDED_BY(mutex_) = 0;                 // holders of kShared or more
  const Level* writer_ TQL_GUARDED_BY(mutex_) = nullptr;  // who holds more than kShared
};

/// The memory that the connections of a write-ahead log share, and its eight locks.
class SharedIndex {
 public:
  static constexpr int kLocks = 8;
  /// What one connection holds: a bit a lock.
  struct Held {
    std::uint8_t shared = 0;
    std::uint8_t exclusive = 0;
  };

  /// Region `index` of `size` bytes, zero at first; nullptr in `*region` when it does not exist and
  /// is not to be made. False: no memory left.
  bool Map(int index, std::size_t size, bool extend, volatile void** region);
  /// Takes locks [first, first + count); false: another is in the way, nothing taken.
  bool Lock(Held* held, int first, int count, bool exclusive);
  void Unlock(Held* held, int first, int count);
  void UnlockAll(Held* held);
  /// Everything written before is seen by who comes after.
  void Barrier();
  /// Forgets the regions; only when nobody uses them.
  void Clear();

 private:
  base::Mutex mutex_;
  std::vector<std::unique_ptr<std::byte[]>> regions_ TQL_GUARDED_BY(mutex_);
  std::array<int, kLocks> locks_ TQL_GUARDED_BY(mutex_){};  // -1: exclusive; else how many share it
};

struct MemoryFile {
  MemoryFile() = default;
  /// The same bytes; nobody holds a lock, and there is no index yet.
  explicit MemoryFile(const MemoryBytes& from) : bytes(from) {}

  MemoryBytes bytes;
  FileLock lock;
  SharedIndex index;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_FILE_H_

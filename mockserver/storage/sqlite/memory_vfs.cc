#include "mockserver/storage/sqlite/memory_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <mutex>
#include <new>
#include <shared_mutex>
#include <unordered_map>
#include <vector>

namespace tql::storage::sqlite {
namespace {

constexpr std::size_t kChunk = 256 * 1024;

/// The bytes of a file. Chunks never move, so reading and writing at different places need no more
/// than a table of chunks that stands still; that no two threads touch one place at a time is
/// SQLite's own protocol of locks.
class Bytes {
 public:
  /// Reads what there is and fills the rest with zeros; whether all was there.
  bool Read(char* out, std::size_t count, std::size_t offset) const {
    std::shared_lock lock(mutex_);
    const std::size_t there = offset < size_ ? std::min(count, size_ - offset) : 0;
    for (std::size_t done = 0; done < there;) {
      const std::size_t at = (offset + done) % kChunk;
      const std::size_t piece = std::min(there - done, kChunk - at);
      std::memcpy(out + done, chunks_[(offset + done) / kChunk].get() + at, piece);
      done += piece;
    }
    std::memset(out + there, 0, count - there);
    return there == count;
  }

  bool Write(const char* data, std::size_t count, std::size_t offset) {
    if (offset + count > Size() && !Grow(offset + count)) return false;
    std::shared_lock lock(mutex_);
    for (std::size_t done = 0; done < count;) {
      const std::size_t at = (offset + done) % kChunk;
      const std::size_t piece = std::min(count - done, kChunk - at);
      std::memcpy(chunks_[(offset + done) / kChunk].get() + at, data + done, piece);
      done += piece;
    }
    return true;
  }

  void Truncate(std::size_t size) {
    std::unique_lock lock(mutex_);
    if (size >= size_) return;
    size_ = size;
    chunks_.resize((size + kChunk - 1) / kChunk);
    // What is left of the last chunk reads as zeros when the file grows again.
    if (size % kChunk != 0) {
      std::memset(chunks_.back().get() + size % kChunk, 0, kChunk - size % kChunk);
    }
  }

  std::size_t Size() const {
    std::shared_lock lock(mutex_);
    return size_;
  }

 private:
  bool Grow(std::size_t size) {
    std::unique_lock lock(mutex_);
    while (chunks_.size() * kChunk < size) {
      auto* chunk = new (std::nothrow) char[kChunk]();
      if (chunk == nullptr) return false;
      chunks_.emplace_back(chunk);
    }
    size_ = std::max(size_, size);
    return true;
  }

  mutable std::shared_mutex mutex_;
  std::vector<std::unique_ptr<char[]>> chunks_;
  std::size_t size_ = 0;
};

struct Handle;

/// A file that any number of handles have open.
struct File {
  Bytes bytes;

  std::mutex mutex;  // of all below
  int shared = 0;    // handles that hold SHARED or more
  const Handle* reserved = nullptr;
  const Handle* pending = nullptr;  // PENDING or EXCLUSIVE

  std::vector<std::unique_ptr<char[]>> regions;  // of the index of the write-ahead log
  std::array<int, SQLITE_SHM_NLOCK> shm_shared{};
  std::array<const Handle*, SQLITE_SHM_NLOCK> shm_exclusive{};
};

struct Handle {
  sqlite3_file base;
  std::shared_ptr<File> file;
  std::string name;
  int level = SQLITE_LOCK_NONE;
  std::uint32_t shm_shared = 0;  // a bit for each lock held
};

Handle& HandleOf(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

/// The files by name, each as long as somebody has it open.
class Registry {
 public:
  static Registry& Get() {
    static Registry registry;
    return registry;
  }
  std::shared_ptr<File> Find(const std::string& name, bool create) {
    std::lock_guard lock(mutex_);
    std::weak_ptr<File>& entry = files_[name];
    std::shared_ptr<File> file = entry.lock();
    if (file == nullptr && create) entry = file = std::make_shared<File>();
    if (file == nullptr) files_.erase(name);
    return file;
  }
  void Erase(const std::string& name) {
    std::lock_guard lock(mutex_);
    files_.erase(name);
  }
  /// Forgets a name whose file nobody has open any more.
  void Tidy(const std::string& name) {
    std::lock_guard lock(mutex_);
    const auto it = files_.find(name);
    if (it != files_.end() && it->second.expired()) files_.erase(it);
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::weak_ptr<File>> files_;
};

sqlite3_vfs& System() { return *sqlite3_vfs_find(nullptr); }

// ---- A file's methods
// ----------------------------------------------------------------------------

int Read(sqlite3_file* file, void* out, int count, sqlite3_int64 offset) {
  const bool whole = HandleOf(file).file->bytes.Read(
      static_cast<char*>(out), static_cast<std::size_t>(count), static_cast<std::size_t>(offset));
  return whole ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* data, int count, sqlite3_int64 offset) {
  const bool written = HandleOf(file).file->bytes.Write(static_cast<const char*>(data),
                                                        static_cast<std::size_t>(count),
                                                        static_cast<std::size_t>(offset));
  return written ? SQLITE_OK : SQLITE_FULL;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  HandleOf(file).file->bytes.Truncate(static_cast<std::size_t>(size));
  return SQLITE_OK;
}

int Sync(sqlite3_file*, int) { return SQLITE_OK; }

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(HandleOf(file).file->bytes.Size());
  return SQLITE_OK;
}

int Lock(sqlite3_file* base, int level) {
  Handle& handle = HandleOf(base);
  File& file = *handle.file;
  std::lock_guard lock(file.mutex);
  if (level <= handle.level) return SQLITE_OK;
  if (file.pending != nullptr && file.pending != &handle) return SQLITE_BUSY;
  if (level == SQLITE_LOCK_SHARED) {
    ++file.shared;
    handle.level = level;
    return SQLITE_OK;
  }
  if (file.reserved != nullptr && file.reserved != &handle) return SQLITE_BUSY;
  file.reserved = &handle;
  if (level == SQLITE_LOCK_RESERVED) {
    handle.level = level;
    return SQLITE_OK;
  }
  // Nobody gets in any more; those who are in must leave first.
  file.pending = &handle;
  handle.level = SQLITE_LOCK_PENDING;
  if (file.shared > 1) return SQLITE_BUSY;
  handle.level = SQLITE_LOCK_EXCLUSIVE;
  return SQLITE_OK;
}

int Unlock(sqlite3_file* base, int level) {
  Handle& handle = HandleOf(base);
  File& file = *handle.file;
  std::lock_guard lock(file.mutex);
  if (handle.level <= level) return SQLITE_OK;
  if (file.reserved == &handle) file.reserved = nullptr;
  if (file.pending == &handle) file.pending = nullptr;
  if (level == SQLITE_LOCK_NONE) --file.shared;
  handle.level = level;
  return SQLITE_OK;
}

int CheckReservedLock(sqlite3_file* base, int* held) {
  File& file = *HandleOf(base).file;
  std::lock_guard lock(file.mutex);
  *held = file.reserved != nullptr;
  return SQLITE_OK;
}

int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int SectorSize(sqlite3_file*) { return 4096; }
int DeviceCharacteristics(sqlite3_file*) {
  return SQLITE_IOCAP_ATOMIC | SQLITE_IOCAP_SAFE_APPEND | SQLITE_IOCAP_SEQUENTIAL |
         SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int ShmMap(sqlite3_file* base, int region, int size, int extend, void volatile** out) {
  File& file = *HandleOf(base).file;
  std::lock_guard lock(file.mutex);
  const auto index = static_cast<std::size_t>(region);
  *out = nullptr;
  while (extend != 0 && file.regions.size() <= index) {
    auto* memory = new (std::nothrow) char[static_cast<std::size_t>(size)]();
    if (memory == nullptr) return SQLITE_NOMEM;
    file.regions.emplace_back(memory);
  }
  if (index < file.regions.size()) *out = file.regions[index].get();
  return SQLITE_OK;
}

void ShmRelease(Handle& handle, int index) {
  const auto i = static_cast<std::size_t>(index);
  File& file = *handle.file;
  if (file.shm_exclusive[i] == &handle) file.shm_exclusive[i] = nullptr;
  if ((handle.shm_shared >> index & 1U) != 0) {
    handle.shm_shared &= ~(1U << index);
    --file.shm_shared[i];
  }
}

int ShmLock(sqlite3_file* base, int first, int count, int flags) {
  Handle& handle = HandleOf(base);
  File& file = *handle.file;
  std::lock_guard lock(file.mutex);
  if ((flags & SQLITE_SHM_UNLOCK) != 0) {
    for (int i = first; i < first + count; ++i) ShmRelease(handle, i);
    return SQLITE_OK;
  }
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  for (int i = first; i < first + count; ++i) {
    const Handle* holder = file.shm_exclusive[static_cast<std::size_t>(i)];
    if (holder != nullptr && holder != &handle) return SQLITE_BUSY;
    const int own = static_cast<int>(handle.shm_shared >> i & 1U);
    if (exclusive && file.shm_shared[static_cast<std::size_t>(i)] > own) return SQLITE_BUSY;
  }
  for (int i = first; i < first + count; ++i) {
    if (exclusive) {
      file.shm_exclusive[static_cast<std::size_t>(i)] = &handle;
    } else if ((handle.shm_shared >> i & 1U) == 0) {
      handle.shm_shared |= 1U << i;
      ++file.shm_shared[static_cast<std::size_t>(i)];
    }
  }
  return SQLITE_OK;
}

void ShmBarrier(sqlite3_file* base) {
  std::atomic_thread_fence(std::memory_order_seq_cst);
  std::lock_guard lock(HandleOf(base).file->mutex);
}

int ShmUnmap(sqlite3_file* base, int /*remove*/) {
  // The regions go with the file; a new connection may want them at any moment.
  Handle& handle = HandleOf(base);
  std::lock_guard lock(handle.file->mutex);
  for (int i = 0; i < SQLITE_SHM_NLOCK; ++i) ShmRelease(handle, i);
  return SQLITE_OK;
}

int Close(sqlite3_file* base) {
  Handle& handle = HandleOf(base);
  ShmUnmap(base, 0);
  Unlock(base, SQLITE_LOCK_NONE);
  const std::string name = handle.name;
  handle.~Handle();
  Registry::Get().Tidy(name);
  return SQLITE_OK;
}

constexpr sqlite3_io_methods kMethods = {
    2,
    Close,
    Read,
    Write,
    Truncate,
    Sync,
    FileSize,
    Lock,
    Unlock,
    CheckReservedLock,
    FileControl,
    SectorSize,
    DeviceCharacteristics,
    ShmMap,
    ShmLock,
    ShmBarrier,
    ShmUnmap,
    nullptr,
    nullptr,
};

// ---- The VFS's methods
// ---------------------------------------------------------------------------

int Open(sqlite3_vfs*, const char* name, sqlite3_file* base, int flags, int* out_flags) {
  constexpr int kOurs = SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL;
  if (name == nullptr || (flags & kOurs) == 0) {
    return System().xOpen(&System(), name, base, flags, out_flags);
  }
  auto* handle = new (base) Handle();
  handle->name = name;
  handle->file = Registry::Get().Find(name, true);
  handle->base.pMethods = &kMethods;
  if (out_flags != nullptr) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* name, int) {
  Registry::Get().Erase(name);
  return SQLITE_OK;
}

int Access(sqlite3_vfs*, const char* name, int, int* result) {
  *result = Registry::Get().Find(name, false) != nullptr;
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs*, const char* name, int size, char* out) {
  sqlite3_snprintf(size, out, "%s", name);
  return SQLITE_OK;
}

int Randomness(sqlite3_vfs*, int count, char* out) {
  return System().xRandomness(&System(), count, out);
}
int Sleep(sqlite3_vfs*, int microseconds) { return System().xSleep(&System(), microseconds); }
int CurrentTime(sqlite3_vfs*, double* out) { return System().xCurrentTime(&System(), out); }
int LastError(sqlite3_vfs*, int, char*) { return 0; }
int CurrentTimeInt64(sqlite3_vfs*, sqlite3_int64* out) {
  return System().xCurrentTimeInt64(&System(), out);
}

}  // namespace

const char* MemoryVfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_initialize();
    sqlite3_vfs v{};
    v.iVersion = 2;
    v.szOsFile = std::max(static_cast<int>(sizeof(Handle)), System().szOsFile);
    v.mxPathname = 512;
    v.zName = "tql-memory";
    v.xOpen = Open;
    v.xDelete = Delete;
    v.xAccess = Access;
    v.xFullPathname = FullPathname;
    v.xRandomness = Randomness;
    v.xSleep = Sleep;
    v.xCurrentTime = CurrentTime;
    v.xGetLastError = LastError;
    v.xCurrentTimeInt64 = CurrentTimeInt64;
    return v;
  }();
  static const int registered = sqlite3_vfs_register(&vfs, 0);
  (void)registered;
  return vfs.zName;
}

std::string NewMemoryDatabaseName() {
  static std::atomic<int> count{0};
  return "/memory-" + std::to_string(++count);
}

}  // namespace tql::storage::sqlite

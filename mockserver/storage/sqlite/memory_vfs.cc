#include "mockserver/storage/sqlite/memory_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <mutex>
#include <new>
#include <unordered_map>

#include "mockserver/storage/sqlite/memory_file.h"

namespace tql::storage::sqlite {

class MemoryVfs::Files {
 public:
  std::shared_ptr<MemoryFile> Find(const std::string& name) {
    const std::lock_guard guard(mutex_);
    const auto found = files_.find(name);
    return found == files_.end() ? nullptr : found->second;
  }
  std::shared_ptr<MemoryFile> FindOrMake(const std::string& name) {
    const std::lock_guard guard(mutex_);
    std::shared_ptr<MemoryFile>& file = files_[name];
    if (!file) file = std::make_shared<MemoryFile>();
    return file;
  }
  /// Connections that have it open keep it.
  bool Remove(const std::string& name) {
    const std::lock_guard guard(mutex_);
    return files_.erase(name) != 0;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<MemoryFile>> files_;
};

namespace {

/// What SQLite allocates for an open file; `base` must be first.
struct Handle {
  sqlite3_file base;
  std::shared_ptr<MemoryFile> file;
  FileLock::Level level = FileLock::kNone;
  SharedIndex::Held held;
};

Handle& Of(sqlite3_file* file) { return *reinterpret_cast<Handle*>(file); }

int Close(sqlite3_file* file) {
  Handle& handle = Of(file);
  handle.file->index.UnlockAll(&handle.held);
  handle.file->lock.Lower(&handle.level, FileLock::kNone);
  handle.~Handle();
  return SQLITE_OK;
}

int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const bool all = Of(file).file->bytes.Read(out, static_cast<std::size_t>(size),
                                             static_cast<std::uint64_t>(offset));
  return all ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  const bool done = Of(file).file->bytes.Write(data, static_cast<std::size_t>(size),
                                               static_cast<std::uint64_t>(offset));
  return done ? SQLITE_OK : SQLITE_FULL;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  Of(file).file->bytes.Truncate(static_cast<std::uint64_t>(size));
  return SQLITE_OK;
}

int Sync(sqlite3_file*, int) { return SQLITE_OK; }

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(Of(file).file->bytes.size());
  return SQLITE_OK;
}

int Lock(sqlite3_file* file, int level) {
  Handle& handle = Of(file);
  return handle.file->lock.Raise(&handle.level, static_cast<FileLock::Level>(level)) ? SQLITE_OK
                                                                                     : SQLITE_BUSY;
}

int Unlock(sqlite3_file* file, int level) {
  Handle& handle = Of(file);
  handle.file->lock.Lower(&handle.level, static_cast<FileLock::Level>(level));
  return SQLITE_OK;
}

int CheckReservedLock(sqlite3_file* file, int* reserved) {
  *reserved = Of(file).file->lock.reserved() ? 1 : 0;
  return SQLITE_OK;
}

int FileControl(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }

int SectorSize(sqlite3_file*) { return 4096; }

int DeviceCharacteristics(sqlite3_file*) {
  return SQLITE_IOCAP_ATOMIC | SQLITE_IOCAP_SAFE_APPEND | SQLITE_IOCAP_SEQUENTIAL |
         SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

int ShmMap(sqlite3_file* file, int index, int size, int extend, void volatile** region) {
  const bool done =
      Of(file).file->index.Map(index, static_cast<std::size_t>(size), extend != 0, region);
  return done ? SQLITE_OK : SQLITE_NOMEM;
}

int ShmLock(sqlite3_file* file, int first, int count, int flags) {
  Handle& handle = Of(file);
  if (flags & SQLITE_SHM_UNLOCK) {
    handle.file->index.Unlock(&handle.held, first, count);
    return SQLITE_OK;
  }
  const bool exclusive = (flags & SQLITE_SHM_EXCLUSIVE) != 0;
  return handle.file->index.Lock(&handle.held, first, count, exclusive) ? SQLITE_OK : SQLITE_BUSY;
}

void ShmBarrier(sqlite3_file* file) { Of(file).file->index.Barrier(); }

int ShmUnmap(sqlite3_file* file, int remove) {
  Handle& handle = Of(file);
  handle.file->index.UnlockAll(&handle.held);
  // SQLite asks for removal only from the last connection, which then has the file alone.
  if (remove && handle.level == FileLock::kExclusive) handle.file->index.Clear();
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

MemoryVfs::Files& FilesOf(sqlite3_vfs* vfs) {
  return *static_cast<MemoryVfs::Files*>(vfs->pAppData);
}

int Open(sqlite3_vfs* vfs, const char* name, sqlite3_file* out, int flags, int* out_flags) {
  if (name == nullptr) {  // a temporary file
    sqlite3_vfs* disk = sqlite3_vfs_find(nullptr);
    if (disk != nullptr && disk->xOpen(disk, nullptr, out, flags, out_flags) == SQLITE_OK) {
      return SQLITE_OK;
    }
  }
  out->pMethods = nullptr;
  try {
    std::shared_ptr<MemoryFile> file;
    if (name == nullptr) {
      file = std::make_shared<MemoryFile>();
    } else if (flags & SQLITE_OPEN_CREATE) {
      file = FilesOf(vfs).FindOrMake(name);
    } else {
      file = FilesOf(vfs).Find(name);
    }
    if (!file) return SQLITE_CANTOPEN;
    auto* handle = new (out) Handle{};
    handle->file = std::move(file);
    handle->base.pMethods = &kMethods;
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  if (out_flags) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs* vfs, const char* name, int) {
  return FilesOf(vfs).Remove(name) ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

int Access(sqlite3_vfs* vfs, const char* name, int, int* exists) {
  *exists = FilesOf(vfs).Find(name) ? 1 : 0;
  return SQLITE_OK;
}

int FullPathname(sqlite3_vfs*, const char* name, int size, char* out) {
  const std::size_t length = std::strlen(name);
  if (length >= static_cast<std::size_t>(size)) return SQLITE_CANTOPEN;
  std::memcpy(out, name, length + 1);
  return SQLITE_OK;
}

int Randomness(sqlite3_vfs*, int size, char* out) {
  sqlite3_vfs* disk = sqlite3_vfs_find(nullptr);
  return disk->xRandomness(disk, size, out);
}

int Sleep(sqlite3_vfs*, int microseconds) {
  sqlite3_vfs* disk = sqlite3_vfs_find(nullptr);
  return disk->xSleep(disk, microseconds);
}

int CurrentTime(sqlite3_vfs*, double* days) {
  sqlite3_vfs* disk = sqlite3_vfs_find(nullptr);
  return disk->xCurrentTime(disk, days);
}

int CurrentTimeInt64(sqlite3_vfs*, sqlite3_int64* milliseconds) {
  sqlite3_vfs* disk = sqlite3_vfs_find(nullptr);
  return disk->xCurrentTimeInt64(disk, milliseconds);
}

int GetLastError(sqlite3_vfs*, int, char*) { return 0; }

}  // namespace

struct MemoryVfs::Registration {
  sqlite3_vfs vfs{};
};

MemoryVfs::MemoryVfs()
    : files_(std::make_unique<Files>()), registration_(std::make_unique<Registration>()) {
  static std::atomic<std::uint64_t> count{0};
  name_ = "tqlkit-memory-" + std::to_string(++count);
}

StatusOr<std::unique_ptr<MemoryVfs>> MemoryVfs::Create() {
  const sqlite3_vfs* disk = sqlite3_vfs_find(nullptr);
  if (disk == nullptr) return InternalError("SQLite has no file system");
  std::unique_ptr<MemoryVfs> made(new MemoryVfs());
  sqlite3_vfs& vfs = made->registration_->vfs;
  vfs.iVersion = 2;
  // Room for a handle of ours or, for a temporary file, of the default file system.
  vfs.szOsFile = std::max(static_cast<int>(sizeof(Handle)), disk->szOsFile);
  vfs.mxPathname = 512;
  vfs.zName = made->name();
  vfs.pAppData = made->files_.get();
  vfs.xOpen = Open;
  vfs.xDelete = Delete;
  vfs.xAccess = Access;
  vfs.xFullPathname = FullPathname;
  vfs.xRandomness = Randomness;
  vfs.xSleep = Sleep;
  vfs.xCurrentTime = CurrentTime;
  vfs.xGetLastError = GetLastError;
  vfs.xCurrentTimeInt64 = CurrentTimeInt64;
  if (sqlite3_vfs_register(&vfs, 0) != SQLITE_OK) {
    return InternalError("SQLite refused the file system in memory");
  }
  return made;
}

MemoryVfs::~MemoryVfs() { sqlite3_vfs_unregister(&registration_->vfs); }

}  // namespace tql::storage::sqlite

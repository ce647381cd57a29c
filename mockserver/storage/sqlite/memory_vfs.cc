#include "mockserver/storage/sqlite/memory_vfs.h"

#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <new>
#include <unordered_map>

namespace tql::storage::sqlite {

// How the file system implements the locks that SQLite needs.
//
// A database in write-ahead mode has three files here: the database, its log ("-wal") and, as part
// of the database's MemoryFile, the shared index of the log. SQLite separates readers and the
// writer by advisory locks of the file system:
//
// * xLock and xUnlock on the database (FileLock). In write-ahead mode every open connection holds
//   kShared all the time; kExclusive is held only to change the journal mode and by the last
//   connection when it closes, so it fails while another connection exists.
// * xShmLock on the index (SharedIndex), eight locks: 0 is the writer's, 1 the checkpointer's,
//   2 that of recovery; 3 to 7 are shared by readers and state which part of the log and of the
//   database their snapshots need. A checkpoint copies no page into the database that an older
//   reader needs unchanged, and the log is restarted only when no reader needs it.
//
// No lock waits: a connection that does not get it receives SQLITE_BUSY, and SQLite retries until
// the connection's busy timeout. Locks belong to a connection (its Handle), not to a thread.
//
// Below them, FileLock, SharedIndex, MemoryBytes and MemoryFolder have a mutex each, held during
// one call. No call holds two of them: a page that a checkpoint moves from the log to the database
// is owned by the call meanwhile. A file is looked up in its folder under the mutex of the registry
// of folders. Pages are allocated and freed under the mutex of the bytes, so that the one of the
// PagePool comes last. Readers share the mutex of the bytes, so that several connections scan in
// parallel. SQLite accesses the memory of the index without these; it orders its accesses by
// xShmLock and xShmBarrier.

namespace {

/// The folders by name. Never destroyed, because static objects of the program may use SQLite while
/// the program ends.
class Folders {
 public:
  static Folders& Instance() {
    static auto& instance = *new Folders;
    return instance;
  }
  void Add(const std::string& name, MemoryFolder* folder) {
    const base::MutexLock guard(mutex_);
    folders_.emplace(name, folder);
  }
  void Remove(const std::string& name) {
    const base::MutexLock guard(mutex_);
    folders_.erase(name);
  }
  /// Calls `use` with the folder and the file of a path; false if the folder is unknown.
  template <typename Use>
  bool With(std::string_view path, const Use& use) {
    const std::size_t slash = path.find('/');
    if (slash == std::string_view::npos) return false;
    const base::MutexLock guard(mutex_);
    const auto found = folders_.find(std::string(path.substr(0, slash)));
    if (found == folders_.end()) return false;
    use(*found->second, std::string(path.substr(slash + 1)));
    return true;
  }

 private:
  base::Mutex mutex_;
  std::unordered_map<std::string, MemoryFolder*> folders_ TQL_GUARDED_BY(mutex_);
};

/// The object that SQLite allocates for an open file; `base` must be first.
struct Handle {
  sqlite3_file base;
  std::shared_ptr<MemoryFile> file;
  std::string log_path;           // of a database
  std::weak_ptr<MemoryFile> log;  // the file found there last
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

/// The page that this thread last read from a log. A checkpoint reads a page from the log and
/// writes it to the database next, from the same buffer; then both share it. The pointers are only
/// compared: whether the page still has the bytes is checked when it is shared.
struct LastRead {
  const MemoryFile* log = nullptr;
  const void* buffer = nullptr;
  std::uint64_t place = 0;  // in LogBytes::pages()
};
thread_local LastRead last_read;

int Read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
  const MemoryFile& from = *Of(file).file;
  if (from.kind == MemoryFile::Kind::kLog && size == MemoryBytes::kPage) {
    const auto place = LogBytes::PlaceOfPage(static_cast<std::uint64_t>(offset));
    if (place) last_read = {&from, out, *place};
  }
  const bool all =
      from.Read(out, static_cast<std::size_t>(size), static_cast<std::uint64_t>(offset));
  return all ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

/// The log of the database if this thread last read from it; otherwise null.
std::shared_ptr<MemoryFile> LogOfLastRead(Handle& handle) {
  std::shared_ptr<MemoryFile> log = handle.log.lock();
  if (log == nullptr || log.get() != last_read.log) {
    try {
      Folders::Instance().With(handle.log_path, [&](MemoryFolder& folder, const std::string& name) {
        log = folder.Find(name);
      });
    } catch (const std::bad_alloc&) {
      return nullptr;
    }
    handle.log = log;
  }
  return log.get() == last_read.log ? log : nullptr;
}

/// Writes a page by sharing that of the log; false if the log does not have it.
bool ShareLastRead(Handle& handle, const void* data, std::uint64_t offset) {
  if (handle.file->kind != MemoryFile::Kind::kDatabase) return false;
  const std::shared_ptr<MemoryFile> log = LogOfLastRead(handle);
  if (log == nullptr) return false;
  SharedPage page = log->log.pages().PageOf(last_read.place);
  return page && std::memcmp(page->bytes.data(), data, MemoryBytes::kPage) == 0 &&
         handle.file->bytes.Share(std::move(page), offset);
}

int Write(sqlite3_file* file, const void* data, int size, sqlite3_int64 offset) {
  Handle& handle = Of(file);
  const auto at = static_cast<std::uint64_t>(offset);
  const bool is_page = size == MemoryBytes::kPage && at % MemoryBytes::kPage == 0;
  if (is_page && data == last_read.buffer && ShareLastRead(handle, data, at)) return SQLITE_OK;
  const bool done = handle.file->Write(data, static_cast<std::size_t>(size), at);
  return done ? SQLITE_OK : SQLITE_FULL;
}

int Truncate(sqlite3_file* file, sqlite3_int64 size) {
  const bool done = Of(file).file->Truncate(static_cast<std::uint64_t>(size));
  return done ? SQLITE_OK : SQLITE_IOERR_NOMEM;
}

int Sync(sqlite3_file*, int) { return SQLITE_OK; }

int FileSize(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(Of(file).file->size());
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
  // Only the last connection requests removal; it has exclusive access then.
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

int Open(sqlite3_vfs*, const char* name, sqlite3_file* out, int flags, int* out_flags) {
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
      file = std::make_shared<MemoryFile>(MemoryFile::Kind::kDatabase);
    } else {
      Folders::Instance().With(name, [&](MemoryFolder& folder, const std::string& of_folder) {
        file = flags & SQLITE_OPEN_CREATE ? folder.FindOrMake(of_folder) : folder.Find(of_folder);
      });
    }
    if (!file) return SQLITE_CANTOPEN;
    std::string log_path = name != nullptr ? std::string(name) + "-wal" : std::string();
    auto* handle = new (out) Handle{};
    handle->file = std::move(file);
    handle->log_path = std::move(log_path);
    handle->base.pMethods = &kMethods;
  } catch (const std::bad_alloc&) {
    return SQLITE_NOMEM;
  }
  if (out_flags) *out_flags = flags;
  return SQLITE_OK;
}

int Delete(sqlite3_vfs*, const char* name, int) {
  bool removed = false;
  Folders::Instance().With(
      name, [&](MemoryFolder& folder, const std::string& file) { removed = folder.Remove(file); });
  return removed ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
}

int Access(sqlite3_vfs*, const char* name, int, int* exists) {
  *exists = 0;
  Folders::Instance().With(name, [&](MemoryFolder& folder, const std::string& file) {
    *exists = folder.Find(file) ? 1 : 0;
  });
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

/// Registers the file system with SQLite, once. Returns SQLite's error code.
int Register() {
  static sqlite3_vfs vfs{};
  static const int result = [] {
    const sqlite3_vfs* disk = sqlite3_vfs_find(nullptr);
    if (disk == nullptr) return SQLITE_ERROR;
    vfs.iVersion = 2;
    // Enough for a Handle and, for temporary files, for a handle of the default file system.
    vfs.szOsFile = std::max(static_cast<int>(sizeof(Handle)), disk->szOsFile);
    vfs.mxPathname = 512;
    vfs.zName = MemoryFolder::vfs();
    vfs.xOpen = Open;
    vfs.xDelete = Delete;
    vfs.xAccess = Access;
    vfs.xFullPathname = FullPathname;
    vfs.xRandomness = Randomness;
    vfs.xSleep = Sleep;
    vfs.xCurrentTime = CurrentTime;
    vfs.xGetLastError = GetLastError;
    vfs.xCurrentTimeInt64 = CurrentTimeInt64;
    return sqlite3_vfs_register(&vfs, /*makeDflt=*/0);
  }();
  return result;
}

}  // namespace

const char* MemoryFolder::vfs() { return "tqlkit-memory"; }

StatusOr<std::unique_ptr<MemoryFolder>> MemoryFolder::Create() {
  static std::atomic<std::uint64_t> count{0};
  if (Register() != SQLITE_OK) return InternalError("SQLite refused the file system in memory");
  std::unique_ptr<MemoryFolder> made(new MemoryFolder(std::to_string(++count)));
  Folders::Instance().Add(made->name_, made.get());
  return made;
}

MemoryFolder::~MemoryFolder() { Folders::Instance().Remove(name_); }

std::shared_ptr<MemoryFile> MemoryFolder::Find(const std::string& file) const {
  const base::MutexLock guard(mutex_);
  const auto found = files_.find(file);
  return found == files_.end() ? nullptr : found->second;
}

std::shared_ptr<MemoryFile> MemoryFolder::FindOrMake(const std::string& file) {
  const base::MutexLock guard(mutex_);
  std::shared_ptr<MemoryFile>& made = files_[file];
  if (!made) {
    made = std::make_shared<MemoryFile>(file.ends_with("-wal") ? MemoryFile::Kind::kLog
                                                               : MemoryFile::Kind::kDatabase);
  }
  return made;
}

bool MemoryFolder::Remove(const std::string& file) {
  const base::MutexLock guard(mutex_);
  return files_.erase(file) != 0;
}

void MemoryFolder::Copy(const std::string& file, const MemoryFile& from) {
  auto copy = std::make_shared<MemoryFile>(from);
  const base::MutexLock guard(mutex_);
  files_[file] = std::move(copy);
}

}  // namespace tql::storage::sqlite

// Databases in memory that several connections share in write-ahead mode: each reader keeps its
// snapshot while one writer goes on, as with a file. (SQLite's own memdb knows no write-ahead log:
// there a reader that is slow stops the writer.)
//
// A database lives from its first connection to its last. Temporary files go to the system's.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_VFS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_VFS_H_

#include <string>

namespace tql::storage::sqlite {

/// The name of the VFS; registers it at the first call. Any thread.
const char* MemoryVfs();

/// A name for a new database in memory, unique in this process.
std::string NewMemoryDatabaseName();

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_MEMORY_VFS_H_

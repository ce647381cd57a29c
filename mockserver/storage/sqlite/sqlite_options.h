// How the SQLite storage is opened.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_OPTIONS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_OPTIONS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace tql::storage {

struct SqliteOptions {
  /// A file, made when it does not exist; or ":memory:", whose rows go with the Storage.
  std::string path = ":memory:";
  /// Prepared statements kept by each connection.
  std::size_t statement_cache = 128;
  /// Connections for reading that are kept open while nobody reads.
  std::size_t idle_readers = 32;
  /// Cursors open at once; the next one is refused as RESOURCE_EXHAUSTED.
  std::size_t max_readers = 1024;
  /// Virtual machine steps of SQLite between two looks at a statement's Cancellation; 10,000 take
  /// some 0.1 ms.
  int steps_per_check = 10'000;
  /// What an operator should know and a user should not: SQLite's own words about an INTERNAL or
  /// DATA_LOSS error. Called from any thread; empty: dropped.
  std::function<void(std::string_view)> log = nullptr;
};

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_OPTIONS_H_

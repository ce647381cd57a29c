// How the SQLite storage is opened.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_OPTIONS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_OPTIONS_H_

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace tql::storage {

struct SqliteOptions {
  /// A file, created if it does not exist; or ":memory:", whose content ends with the Storage.
  std::string path = ":memory:";
  /// Prepared statements that each connection caches.
  std::size_t statement_cache = 128;
  /// Connections for reading that stay open while unused.
  std::size_t idle_readers = 32;
  /// The most cursors at the same time; another one is refused with RESOURCE_EXHAUSTED.
  std::size_t max_readers = 1024;
  /// Steps of SQLite's virtual machine between two checks of a statement's Cancellation; 10,000
  /// take about 0.1 ms.
  int steps_per_check = 10'000;
  /// A query that has scanned so many rows of a table, and has as many left to scan, can be divided
  /// among threads; 0: no query is divided.
  std::size_t divided_rows = 0;
  /// The most connections that divided queries use besides one for each query.
  std::size_t max_spare_readers = 64;
  /// Called, from any thread, with SQLite's message for errors that operators should know about.
  /// Users do not see it. Empty: the messages are dropped.
  std::function<void(std::string_view)> log = nullptr;
};

}  // namespace tql::storage

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_SQLITE_OPTIONS_H_

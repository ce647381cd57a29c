// The peer of whole tables: the same rows in a SQLite file, printed by the sqlite3 program. The
// peer of forks: copies of a database in memory.
#ifndef TOOLS_TQLBENCH_SQLITE_PEER_H_
#define TOOLS_TQLBENCH_SQLITE_PEER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "tql/status.h"

struct sqlite3;

namespace tqlbench {

/// Creates the file with a table lineitem of `rows` rows.
tql::Status MakeSqliteFile(const std::string& path, std::uint64_t rows);

/// Copies of a database, by SQLite's own means.
class SqliteCopier {
 public:
  /// Reads the file into memory.
  static tql::StatusOr<SqliteCopier> Open(const std::string& path);

  /// Makes a copy and closes it: by sqlite3_backup, or by sqlite3_serialize and
  /// sqlite3_deserialize.
  tql::Status Backup();
  tql::Status Serialize();

 private:
  using Database = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;
  explicit SqliteCopier(Database database) : database_(std::move(database)) {}

  Database database_;
};

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_SQLITE_PEER_H_

// The peer of whole tables: the same rows in a SQLite file, printed by the sqlite3 program.
#ifndef TOOLS_TQLBENCH_SQLITE_PEER_H_
#define TOOLS_TQLBENCH_SQLITE_PEER_H_

#include <cstdint>
#include <string>

#include "tql/status.h"

namespace tqlbench {

/// Creates the file with a table lineitem of `rows` rows.
tql::Status MakeSqliteFile(const std::string& path, std::uint64_t rows);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_SQLITE_PEER_H_

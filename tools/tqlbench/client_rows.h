// Reads rows through the client library, as programs of users do.
#ifndef TOOLS_TQLBENCH_CLIENT_ROWS_H_
#define TOOLS_TQLBENCH_CLIENT_ROWS_H_

#include <cstdint>
#include <string>

#include "tql/client.h"
#include "tql/status.h"

namespace tqlbench {

struct RowsRead {
  std::uint64_t rows = 0;
  std::uint64_t cell_bytes = 0;
  double first_row_seconds = 0;
  double seconds = 0;
};

/// Logs in to the server under test, without row limits.
tql::StatusOr<tql::Client> ConnectClient(const std::string& url);

/// Reads every cell of a SELECT. An ERROR message of the server is returned as an error.
tql::StatusOr<RowsRead> ReadRows(tql::Client& client, const std::string& statement);

/// The seconds of a SELECT of the whole table, which must have `rows` rows.
tql::StatusOr<double> TimeSelectAll(tql::Client& client, std::uint64_t rows);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_CLIENT_ROWS_H_

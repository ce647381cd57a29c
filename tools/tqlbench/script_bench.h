// A script of INSERTs, one row each.
#ifndef TOOLS_TQLBENCH_SCRIPT_BENCH_H_
#define TOOLS_TQLBENCH_SCRIPT_BENCH_H_

#include <string>

#include "tql/client.h"
#include "tql/status.h"

namespace tqlbench {

inline constexpr int kInserts = 100'000;

/// Creates `table` and returns the seconds that a script of kInserts INSERTs takes, from the
/// request to the end of the last statement. An error when one of them fails.
tql::StatusOr<double> TimeInsertScript(tql::Client& client, const std::string& table);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_SCRIPT_BENCH_H_

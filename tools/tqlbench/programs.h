// The programs that print a whole table, ours and others.
#ifndef TOOLS_TQLBENCH_PROGRAMS_H_
#define TOOLS_TQLBENCH_PROGRAMS_H_

#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlbench/bench.h"

namespace tqlbench {

inline const std::string kSelectAll = "SELECT * FROM lineitem;";

/// SQLite's shell on a file, in one of its modes: json, csv, list.
std::vector<std::string> SqliteShell(const Bench& bench, std::string_view mode,
                                     const std::string& file);

/// The seconds from exec to the end of the program and of its output. An error when it fails, or
/// prints nothing into a pipe.
tql::StatusOr<double> TimeProgram(const std::vector<std::string>& argv, Process::Output output,
                                  const std::vector<std::string>& environment = {});

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_PROGRAMS_H_

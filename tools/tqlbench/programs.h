// Programs that print a whole table, ours and others.
#ifndef TOOLS_TQLBENCH_PROGRAMS_H_
#define TOOLS_TQLBENCH_PROGRAMS_H_

#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlbench/bench.h"

namespace tqlbench {

inline const std::string kSelectAll = "SELECT * FROM lineitem;";

/// The command line of SQLite's shell on a file, in mode json, csv or list.
std::vector<std::string> SqliteShell(const Bench& bench, std::string_view mode,
                                     const std::string& file,
                                     const std::string& statement = kSelectAll);

/// Our shell, or another build's, which prints the table of `server` as CSV.
std::vector<std::string> CsvShell(const std::string& tql, const Server& server);
/// The environment that it logs in by.
inline const std::vector<std::string> kPasswordVariable = {"TQL_PASSWORD=" +
                                                           std::string(kPassword)};

/// The seconds from exec to the end of the program and its output. An error if the program fails,
/// or prints nothing to a pipe.
tql::StatusOr<double> TimeProgram(const std::vector<std::string>& argv, Process::Output output,
                                  const std::vector<std::string>& environment = {});

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_PROGRAMS_H_

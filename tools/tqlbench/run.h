// The command line of tqlbench.
#ifndef TOOLS_TQLBENCH_RUN_H_
#define TOOLS_TQLBENCH_RUN_H_

namespace tqlbench {

/// Returns the exit status: 0, 1 for an invalid command line, 2 if a measurement failed, 3 if
/// --check found a missed floor.
int Run(int argc, char** argv);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_RUN_H_

// The command line of tqlbench.
#ifndef TOOLS_TQLBENCH_RUN_H_
#define TOOLS_TQLBENCH_RUN_H_

namespace tqlbench {

/// Returns the exit status: 0, 1 for a bad command line, 2 when a measurement could not be made,
/// 3 when --check found a floor that was missed.
int Run(int argc, char** argv);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_RUN_H_

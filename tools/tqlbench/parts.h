// The work that tqlbench does in separate processes: itself, as `tqlbench part NAME ARGUMENTS`.
#ifndef TOOLS_TQLBENCH_PARTS_H_
#define TOOLS_TQLBENCH_PARTS_H_

#include <string>
#include <vector>

namespace tqlbench {

/// `arguments` are those after "part". Returns an exit status.
int RunPart(const std::vector<std::string>& arguments);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_PARTS_H_

// Instructions per row, which repeat where times do not.
#ifndef TOOLS_TQLBENCH_CALLGRIND_H_
#define TOOLS_TQLBENCH_CALLGRIND_H_

#include <cstdint>
#include <string>

#include "tools/tqlbench/bench.h"
#include "tql/status.h"

namespace tqlbench {

/// Counts the instructions of the codecs under valgrind and prints them.
tql::Status RunCallgrind(Bench& bench);

/// What is counted: encodes or decodes `passes` times 1,000 rows; false for an unknown `name`.
bool RunCodecPasses(const std::string& name, std::uint64_t passes);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_CALLGRIND_H_

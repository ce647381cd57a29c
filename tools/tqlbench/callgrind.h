// Instructions per row, which are reproducible, unlike times.
#ifndef TOOLS_TQLBENCH_CALLGRIND_H_
#define TOOLS_TQLBENCH_CALLGRIND_H_

#include <cstdint>
#include <string>

#include "tools/tqlbench/bench.h"
#include "tql/status.h"

namespace tqlbench {

/// Counts the instructions of the codecs under valgrind and prints them.
tql::Status RunCallgrind(Bench& bench);

/// The work that is counted: encodes or decodes 1,000 rows `passes` times. Returns false if `name`
/// is unknown.
bool RunCodecPasses(const std::string& name, std::uint64_t passes);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_CALLGRIND_H_

// Reports of a run as text and JSON.
#ifndef TOOLS_TQLBENCH_REPORT_H_
#define TOOLS_TQLBENCH_REPORT_H_

#include <iosfwd>
#include <span>
#include <string>

#include "tools/tqlbench/recorder.h"

namespace tqlbench {

/// The conditions of a run, for the report.
struct RunDescription {
  std::uint64_t rows = 0;
  int pairs = 0;
  std::string machine;  // Processor and number of cores.
};
RunDescription DescribeRun(std::uint64_t rows, int pairs);

void PrintText(const RunDescription& run, std::span<const Measurement> measurements,
               const Recorder& recorder, std::ostream& out);
void PrintJson(const RunDescription& run, std::span<const Measurement> measurements,
               const Recorder& recorder, std::ostream& out);

/// The number of requested targets whose median misses the floor or that have no figure.
int CountMissed(std::span<const Measurement> measurements, const Recorder& recorder);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_REPORT_H_

// The figures of a run, for people and for programs.
#ifndef TOOLS_TQLBENCH_REPORT_H_
#define TOOLS_TQLBENCH_REPORT_H_

#include <iosfwd>
#include <span>
#include <string>

#include "tools/tqlbench/recorder.h"

namespace tqlbench {

/// What the run was: goes into the report.
struct RunDescription {
  std::uint64_t rows = 0;
  int pairs = 0;
  std::string machine;  // processor and number of cores
};
RunDescription DescribeRun(std::uint64_t rows, int pairs);

void PrintText(const RunDescription& run, std::span<const Measurement> measurements,
               const Recorder& recorder, std::ostream& out);
void PrintJson(const RunDescription& run, std::span<const Measurement> measurements,
               const Recorder& recorder, std::ostream& out);

/// The targets whose median misses its floor or that were asked for and have no figure.
int CountMissed(std::span<const Measurement> measurements, const Recorder& recorder);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_REPORT_H_

// Measurements, their targets, and the recording of samples.
#ifndef TOOLS_TQLBENCH_RECORDER_H_
#define TOOLS_TQLBENCH_RECORDER_H_

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tql/status.h"

namespace tqlbench {

enum class Better : std::uint8_t { kMore, kLess };

/// A row of the table of speed and memory: a figure, its required value (floor) and its aim.
struct Target {
  std::string_view name;
  std::string_view work;
  std::string_view against;  // Empty: the figure is absolute.
  std::string_view unit;     // "x" for ratios.
  Better better;
  double floor;
  double aim;
};

enum class Verdict : std::uint8_t { kNotMeasured, kSkipped, kMissed, kFloor, kAim };

/// Compares a figure with its target.
Verdict Judge(const Target& target, double figure);

/// All samples of a run by the name of a target or a detail ("rows/s of …").
class Recorder {
 public:
  void Add(std::string_view target, double sample);
  /// Records that a target cannot be measured here and why; this does not miss its floor.
  void Skip(std::string_view target, std::string_view why);
  /// Why a target was skipped; empty if it was not.
  std::string_view ReasonToSkip(std::string_view target) const;
  /// Records a figure without a floor that explains another one.
  void Detail(std::string_view name, std::string_view unit, double sample);

  const std::vector<double>& SamplesOf(std::string_view target) const;

  struct DetailSeries {
    std::string name;
    std::string unit;
    std::vector<double> samples;
  };
  /// In the order of their first samples.
  const std::vector<DetailSeries>& details() const { return details_; }

 private:
  std::map<std::string, std::vector<double>, std::less<>> samples_;
  std::map<std::string, std::string, std::less<>> skipped_;
  std::vector<DetailSeries> details_;
};

class Bench;

/// A function that measures one or more targets, which share expensive preparations.
struct Measurement {
  std::string_view name;
  std::span<const Target> targets;
  tql::Status (*run)(Bench& bench);
};

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_RECORDER_H_

// What measurements are, and where they put what they found.
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

/// One row of the table of speed and memory: a figure, the least it must be and what it should be.
struct Target {
  std::string_view name;
  std::string_view work;
  std::string_view against;  // empty: the figure is absolute
  std::string_view unit;     // "x" for ratios
  Better better;
  double floor;
  double aim;
};

enum class Verdict : std::uint8_t { kNotMeasured, kSkipped, kMissed, kFloor, kAim };

/// What a figure comes to.
Verdict Judge(const Target& target, double figure);

/// All samples of a run, by the name of a target or of a detail ("rows/s of …").
class Recorder {
 public:
  void Add(std::string_view target, double sample);
  /// That a target cannot be measured here, which misses no floor, and why.
  void Skip(std::string_view target, std::string_view why);
  /// Why a target was skipped; empty: it was not.
  std::string_view ReasonToSkip(std::string_view target) const;
  /// A figure that explains another one and has no floor.
  void Detail(std::string_view name, std::string_view unit, double sample);

  const std::vector<double>& SamplesOf(std::string_view target) const;

  struct DetailSeries {
    std::string name;
    std::string unit;
    std::vector<double> samples;
  };
  /// In the order in which they were first added.
  const std::vector<DetailSeries>& details() const { return details_; }

 private:
  std::map<std::string, std::vector<double>, std::less<>> samples_;
  std::map<std::string, std::string, std::less<>> skipped_;
  std::vector<DetailSeries> details_;
};

class Bench;

/// A function that measures one or more targets, so that they share their expensive parts.
struct Measurement {
  std::string_view name;
  std::span<const Target> targets;
  tql::Status (*run)(Bench& bench);
};

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_RECORDER_H_

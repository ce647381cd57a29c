// Summaries of repeated measurements.
#ifndef TOOLS_TQLBENCH_STATS_H_
#define TOOLS_TQLBENCH_STATS_H_

#include <cstddef>
#include <vector>

namespace tqlbench {

/// The value below which the fraction `q` (0 to 1) of the samples lies, interpolated between
/// neighbours; 0 without samples.
double Quantile(std::vector<double> samples, double q);

/// The median of samples and their spread.
struct Summary {
  std::size_t count = 0;
  double median = 0;
  double min = 0;
  double max = 0;

  /// (max - min) / median; 0 if the median is 0.
  double Spread() const { return median == 0 ? 0 : (max - min) / median; }
};

Summary Summarize(const std::vector<double>& samples);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_STATS_H_

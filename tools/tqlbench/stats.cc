#include "tools/tqlbench/stats.h"

#include <algorithm>

namespace tqlbench {

double Quantile(std::vector<double> samples, double q) {
  if (samples.empty()) return 0;
  std::sort(samples.begin(), samples.end());
  const double position = std::clamp(q, 0.0, 1.0) * static_cast<double>(samples.size() - 1);
  const auto below = static_cast<std::size_t>(position);
  const std::size_t above = std::min(below + 1, samples.size() - 1);
  const double part = position - static_cast<double>(below);
  return samples[below] + (samples[above] - samples[below]) * part;
}

Summary Summarize(const std::vector<double>& samples) {
  if (samples.empty()) return {};
  const auto [min, max] = std::minmax_element(samples.begin(), samples.end());
  return {samples.size(), Quantile(samples, 0.5), *min, *max};
}

}  // namespace tqlbench

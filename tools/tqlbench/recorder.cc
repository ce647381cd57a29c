#include "tools/tqlbench/recorder.h"

#include <algorithm>

namespace tqlbench {

Verdict Judge(const Target& target, double figure) {
  const bool more = target.better == Better::kMore;
  if (more ? figure >= target.aim : figure <= target.aim) return Verdict::kAim;
  if (more ? figure >= target.floor : figure <= target.floor) return Verdict::kFloor;
  return Verdict::kMissed;
}

void Recorder::Add(std::string_view target, double sample) {
  samples_[std::string(target)].push_back(sample);
}

void Recorder::Skip(std::string_view target, std::string_view why) {
  skipped_.emplace(target, why);
}

std::string_view Recorder::ReasonToSkip(std::string_view target) const {
  const auto found = skipped_.find(target);
  return found == skipped_.end() ? std::string_view() : found->second;
}

void Recorder::Detail(std::string_view name, std::string_view unit, double sample) {
  const auto found = std::find_if(details_.begin(), details_.end(),
                                  [&](const DetailSeries& d) { return d.name == name; });
  if (found != details_.end()) {
    found->samples.push_back(sample);
  } else {
    details_.push_back({std::string(name), std::string(unit), {sample}});
  }
}

const std::vector<double>& Recorder::SamplesOf(std::string_view target) const {
  static const std::vector<double> kNone;
  const auto found = samples_.find(target);
  return found == samples_.end() ? kNone : found->second;
}

}  // namespace tqlbench

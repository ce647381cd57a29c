#include "tools/tqlconform/report/outcomes.h"

#include <algorithm>

#include "tools/tqlconform/suite/features.h"

namespace tqlconform {

bool Fails(const confpb::Result& result) {
  return result.outcome() == confpb::FAILED && result.known() != confpb::KNOWN_FAILING;
}

ExitStatus ExitStatusOf(const confpb::Report& report) {
  const auto& results = report.result();
  if (std::ranges::any_of(results, Fails)) return kExitFailed;
  const auto is_open = [](const confpb::Result& result) {
    return result.outcome() == confpb::NOT_JUDGED || result.outcome() == confpb::UNSET_OUTCOME;
  };
  if (!report.stopped().empty() || std::ranges::any_of(results, is_open)) return kExitUnreachable;
  return report.stale().empty() ? kExitOk : kExitStale;
}

std::string_view NameOf(const confpb::Result& result) {
  if (result.known() == confpb::KNOWN_FAILING) return "known failing";
  switch (result.outcome()) {
    case confpb::PASSED:
      return "passed";
    case confpb::FAILED:
      return "failed";
    case confpb::DIFFERS:
      return "differs";
    case confpb::LACKS:
      return "lacks";
    case confpb::SKIPPED:
      return "skipped";
    default:
      return "not judged";
  }
}

std::span<const std::string_view> OutcomeNames() {
  static constexpr std::string_view kNames[] = {"passed", "failed",  "known failing", "differs",
                                                "lacks",  "skipped", "not judged"};
  return kNames;
}

std::string Origin(const confpb::Result& result) {
  std::string origin =
      confpb::Level_Name(result.level()) + ", " + confpb::Evidence_Name(result.evidence());
  if (result.ref().empty()) return origin;
  origin += ", " + result.ref();
  const std::string_view title = TitleOfReference(result.ref());
  return title.empty() ? origin : origin + " (" + std::string(title) + ')';
}

std::string NameWithTarget(const confpb::Result& result) {
  return result.target().empty() ? result.id() : result.id() + " [" + result.target() + ']';
}

std::string ToString(const confpb::Finding& finding) {
  return finding.step() + ": " + finding.check() + ": expected " + finding.expected() + ", found " +
         finding.found();
}

}  // namespace tqlconform

// The result of a case, before anything is known.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_RESULTS_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_RESULTS_H_

#include <string>
#include <string_view>
#include <utility>

#include "tools/tqlconform/suite/messages.h"

namespace tqlconform {

inline confpb::Result ResultOf(const confpb::Case& test, std::string target,
                               confpb::Outcome outcome = confpb::UNSET_OUTCOME,
                               std::string reason = "") {
  confpb::Result result;
  result.set_id(test.id());
  result.set_title(test.title());
  result.set_level(test.level());
  result.set_evidence(test.evidence());
  result.set_ref(test.ref());
  result.set_target(std::move(target));
  result.set_outcome(outcome);
  result.set_reason(std::move(reason));
  return result;
}

/// The beginning of the reason of a case that was not run because the run ended early.
inline constexpr std::string_view kNotRun = "not run: ";
inline bool IsNotRun(const confpb::Result& result) {
  return result.outcome() == confpb::NOT_JUDGED && result.reason().starts_with(kNotRun);
}

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_RESULTS_H_

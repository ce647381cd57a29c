// Results for the tests of reports.
#ifndef TQLKIT_TESTS_TOOLS_TQLCONFORM_REPORT_REPORTS_H_
#define TQLKIT_TESTS_TOOLS_TQLCONFORM_REPORT_REPORTS_H_

#include <string>
#include <utility>

#include "tools/tqlconform/suite/messages.h"

namespace tqlconform {

inline confpb::Result* AddResult(confpb::Report* report, std::string id, confpb::Outcome outcome,
                                 std::string reason = "", std::string target = "http") {
  confpb::Result* const result = report->add_result();
  result->set_id(std::move(id));
  result->set_title("A title");
  result->set_level(confpb::MUST);
  result->set_evidence(confpb::DOC);
  result->set_ref("tql.md#5.4");
  result->set_target(std::move(target));
  result->set_outcome(outcome);
  result->set_reason(std::move(reason));
  return result;
}

}  // namespace tqlconform

#endif  // TQLKIT_TESTS_TOOLS_TQLCONFORM_REPORT_REPORTS_H_

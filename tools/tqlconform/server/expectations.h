// Checks the answer to a call against the expectations of its step.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_EXPECTATIONS_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_EXPECTATIONS_H_

#include <string>
#include <vector>

#include "tools/tqlconform/server/answer.h"
#include "tools/tqlconform/server/statements.h"
#include "tools/tqlconform/suite/messages.h"
#include "tools/tqlconform/suite/variables.h"

namespace tqlconform {

/// Appends a finding for each expectation that does not hold; `step` is their place. The answer
/// can be judged, or closed the connection as the step allows.
void CheckExpectations(const confpb::Step& step, const Answer& answer, const Lookup& lookup,
                       const std::string& place, std::vector<confpb::Finding>* findings);

/// Whether the step allows that the connection is closed without a response.
bool AllowsClose(const confpb::Expect& expect);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_EXPECTATIONS_H_

// Replaces the variables of a step, and finds their values in answers.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_STEP_TEXT_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_STEP_TEXT_H_

#include <string_view>

#include "tools/tqlconform/server/answer.h"
#include "tools/tqlconform/suite/json_pattern.h"
#include "tools/tqlconform/suite/messages.h"
#include "tools/tqlconform/suite/variables.h"
#include "tql/status.h"

namespace tqlconform {

/// The step with the variables of what is sent replaced; its expectations are as they were. The
/// error names the field.
tql::StatusOr<confpb::Step> ExpandStep(const confpb::Step& step, const Lookup& lookup);

/// What JSON pointers refer to: the lines as an array if the call has lines (query and script),
/// else the body.
tql::StatusOr<JsonValue> DocumentOf(const Answer& answer, bool has_lines);

/// A part of a saved answer: "status", "body", "cookie", "header.NAME", "version",
/// "final_context", "question" or a JSON pointer into its lines or its body. NOT_FOUND if the
/// answer has none.
tql::StatusOr<std::string> PartOf(const Answer& answer, bool has_lines, std::string_view part);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_STEP_TEXT_H_

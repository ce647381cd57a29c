// Judges the observed behaviour of a program, and its requests, by the case.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_VERDICT_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_VERDICT_H_

#include <optional>
#include <string>
#include <vector>

#include "tools/tqlconform/client/observation.h"
#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace tqlconform {

/// What the server has received from the program.
struct Received {
  bool was_called = false;
  tql::Status verified;                              // by the case's VerifyRequest
  std::optional<std::vector<std::string>> requests;  // Nothing if they were not recorded.
};

/// Sets the outcome, the reason and the findings of `result`. Nothing is judged of a program that
/// did not call the server, or that broke down. `strict`: cases that are INFERRED or MAY can fail.
void Judge(const confpb::Case& test, const Observation& seen, const Received& received, bool strict,
           confpb::Result* result);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_VERDICT_H_

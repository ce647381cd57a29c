// The outcome of a whole run, from its results.
#ifndef TQLKIT_TOOLS_TQLCONFORM_REPORT_OUTCOMES_H_
#define TQLKIT_TOOLS_TQLCONFORM_REPORT_OUTCOMES_H_

#include <span>
#include <string>
#include <string_view>

#include "tools/tqlconform/suite/messages.h"

namespace tqlconform {

/// The exit statuses of the program.
enum ExitStatus {
  kExitOk = 0,
  kExitFailed = 1,
  kExitUsage = 2,        // A mistake in the command line, a case or a file; the harness failed.
  kExitUnreachable = 3,  // Something could not be judged, or the run ended early.
  kExitStale = 4,        // Nothing failed but an entry of a list that does not hold any more.
};

/// Whether the run fails because of the result.
bool Fails(const confpb::Result& result);

ExitStatus ExitStatusOf(const confpb::Report& report);

/// "passed", "failed", "differs", "lacks", "skipped", "not judged"; "known failing" of a failure
/// that is listed.
std::string_view NameOf(const confpb::Result& result);
/// All of these, in the order in which sums are shown.
std::span<const std::string_view> OutcomeNames();

/// "MUST, DOC, tql.md#5.4 (Responses)"
std::string Origin(const confpb::Result& result);

/// "query/null-string [http]"
std::string NameWithTarget(const confpb::Result& result);

/// "step 1 (query): expect.rows: expected …, found …"
std::string ToString(const confpb::Finding& finding);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_REPORT_OUTCOMES_H_

// The commands of tqlconform. Each returns the exit status of the program.
#ifndef TQLKIT_TOOLS_TQLCONFORM_COMMANDS_COMMANDS_H_
#define TQLKIT_TOOLS_TQLCONFORM_COMMANDS_COMMANDS_H_

#include <stop_token>
#include <vector>

#include "tools/tqlconform/commands/flags.h"
#include "tools/tqlconform/suite/case_files.h"
#include "tql/status.h"

namespace tqlconform {

int ListCommand(const Flags& flags);
int ShowCommand(const Flags& flags);
int LintCommand(const Flags& flags);
int DiffCommand(const Flags& flags);
/// Ends early, and cleans up, when the stop is requested.
int ServerCommand(const Flags& flags, const std::stop_token& stop);
int SelftestCommand(const Flags& flags, const std::stop_token& stop);
int ClientCommand(const Flags& flags, const std::stop_token& stop);

/// The files of --cases, checked, or those of the program.
tql::StatusOr<std::vector<CaseFile>> LoadCases(const Flags& flags);

/// Prints "tqlconform: MESSAGE" on standard error, and returns the exit status 2.
int FailUsage(const tql::Status& status);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_COMMANDS_COMMANDS_H_

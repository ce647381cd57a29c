// Tests the cases for clients with mutants: a client with one fault must fail the cases that name
// the fault, and without a fault it must pass all.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_CLIENT_MUTANTS_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_CLIENT_MUTANTS_H_

#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "tools/tqlconform/client/client_runner.h"
#include "tools/tqlconform/suite/messages.h"

namespace tqlconform {

/// The environment variable with the name of the fault that the client must have.
inline constexpr std::string_view kMutantVariable = "TQLCONFORM_MUTANT";
/// The target of results without a fault.
inline constexpr std::string_view kControlClient = "control";

/// Runs each case for clients, without a fault and with each mutant that it names, over the first
/// transport that it can be run over. `options.command` starts a client that has the fault of
/// kMutantVariable; options.jobs mutants run at the same time. A result has the id of the case, and
/// the mutant as its target (kControlClient without a fault). It is PASSED if the control passes,
/// or the mutant fails; FAILED if the mutant survives. Calls `done` from one thread at a time.
/// Returns why the run ended early; empty if it did not.
std::string RunClientMutants(std::span<const confpb::Case* const> cases,
                             const ClientOptions& options,
                             const std::function<void(confpb::Result)>& done);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_CLIENT_MUTANTS_H_

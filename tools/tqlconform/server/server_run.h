// A run of cases against servers.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_SERVER_RUN_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_SERVER_RUN_H_

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "tools/tqlconform/server/case_runner.h"
#include "tools/tqlconform/server/target.h"
#include "tools/tqlconform/suite/messages.h"
#include "tools/tqlconform/suite/selection.h"

namespace tqlconform {

struct ServerRunOptions {
  std::vector<const Target*> targets;
  RunnerOptions runner;
  confpb::Risk risk = confpb::READ_WRITE;  // The greatest that is run.
  std::set<std::string> lacks;             // Features that the server does not have.
  std::set<std::string> variants;          // Wire variants that the server is run with.
  unsigned jobs = 8;                       // Cases at a time.
  /// How often a case is run until it passes; null: once.
  std::function<unsigned(const confpb::Case& test, const Target& target)> tries;
  /// Called with each result, by one thread at a time, in the order in which they are known.
  std::function<void(const confpb::Result& result)> on_result;
};

/// Runs the cases over every target that they can be run over: side by side, and those that are
/// `alone` or DESTRUCTIVE at the end, one by one. The results are
/// in the order of the targets and cases; every selected case has one for each target. `stopped`
/// is set if a target could not be reached, stopped answering, or the run was interrupted; then
/// the cases that were not run are NOT_JUDGED.
confpb::Report RunServerCases(std::span<const SelectedCase> cases, const ServerRunOptions& options,
                              const std::stop_token& stop);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_SERVER_RUN_H_

// tqlconform client
#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "proto/base/text.h"
#include "tools/tqlconform/client/adapter.h"
#include "tools/tqlconform/client/client_mutants.h"
#include "tools/tqlconform/client/client_runner.h"
#include "tools/tqlconform/commands/commands.h"
#include "tools/tqlconform/commands/run_outputs.h"
#include "tools/tqlconform/suite/durations.h"

namespace tqlconform {
namespace {

using std::chrono::system_clock;
using tql::StatusOr;

std::string CommandText(const std::vector<std::string>& command) {
  std::string text;
  for (const std::string& word : command) text += (text.empty() ? "" : " ") + word;
  return text;
}

}  // namespace

int ClientCommand(const Flags& flags, const std::stop_token& stop) {
  StatusOr<confpb::Adapter> adapter = FindAdapter(flags.adapter);
  if (!adapter.ok()) return FailUsage(adapter.status());
  const StatusOr<std::vector<CaseFile>> files = LoadCases(flags);
  if (!files.ok()) return FailUsage(files.status());
  Selection selection = flags.selection;
  selection.side = Side::kClient;
  const auto selected = Select(*files, selection);
  if (!selected.ok()) return FailUsage(selected.status());
  std::vector<const confpb::Case*> cases;
  for (const SelectedCase& one : *selected) cases.push_back(one.test);
  const std::vector<ClientTask> tasks = ClientTasks(cases, flags.transports);
  std::vector<std::string> targets;
  for (const char* const transport : {"http", "https", "grpc"}) {
    targets.push_back(tql::base::Lower(adapter->name() + '/' + transport));
  }
  if (flags.mutants) targets.clear();  // The names of mutants are those of the program.
  const auto outputs = RunOutputs::Open(flags, tasks.size(), targets);
  if (!outputs.ok()) return FailUsage(outputs.status());

  ClientOptions options{.adapter = *std::move(adapter),
                        .command = flags.arguments,
                        .environment = {},
                        .transports = flags.transports,
                        .timeout = flags.timeout,
                        .strict = flags.strict,
                        .keeps_exchanges = !flags.trace.empty(),
                        .stop = stop};
  if (flags.jobs != 0) options.jobs = flags.jobs;
  options.tries = [&](const confpb::Case& test, const std::string& target) {
    return (*outputs)->TriesOf(test.id(), target);
  };
  confpb::Report report;
  const auto done = [&](confpb::Result result) {
    (*outputs)->Add(result);
    if (result.outcome() == confpb::PASSED) result.clear_exchange();
    *report.add_result() = std::move(result);
  };
  const system_clock::time_point begun = system_clock::now();
  report.set_mode("client");
  report.add_target(CommandText(flags.arguments));
  report.mutable_started()->set_seconds(system_clock::to_time_t(begun));
  report.set_stopped(flags.mutants ? RunClientMutants(cases, options, done)
                                   : RunClientTasks(tasks, options, done));
  SetDuration(system_clock::now() - begun, report.mutable_duration());
  return (*outputs)->Finish(*files, &report);
}

}  // namespace tqlconform

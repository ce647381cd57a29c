// tqlconform selftest
#include <algorithm>
#include <chrono>
#include <functional>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "tools/tqlconform/client/adapter.h"
#include "tools/tqlconform/client/client_mutants.h"
#include "tools/tqlconform/client/reference_client.h"
#include "tools/tqlconform/commands/commands.h"
#include "tools/tqlconform/commands/run_outputs.h"
#include "tools/tqlconform/selftest/mutants.h"
#include "tools/tqlconform/selftest/selftest.h"
#include "tools/tqlconform/suite/durations.h"

namespace tqlconform {
namespace {

using std::chrono::steady_clock;
using tql::StatusOr;

/// Clients wait most of the time, so several share a core.
constexpr unsigned kClientsPerJob = 4;
/// The reference client must pass on a loaded machine, too.
constexpr std::chrono::seconds kClientTimeout{30};

/// Runs the cases for clients with the reference client, without a fault and with each fault that a
/// case names. Returns why the run ended early; empty if it did not.
std::string RunClients(std::span<const confpb::Case* const> cases, unsigned jobs,
                       const std::stop_token& stop,
                       const std::function<void(confpb::Result)>& done) {
  if (cases.empty()) return "";
  const StatusOr<ReferenceClient> client = ReferenceClient::Unpack();
  if (!client.ok()) return client.status().message();
  StatusOr<confpb::Adapter> adapter = FindAdapter("full");
  if (!adapter.ok()) return adapter.status().message();
  const ClientOptions options{.adapter = *std::move(adapter),
                              .command = client->command(),
                              .environment = {},
                              .transports = {},
                              .timeout = kClientTimeout,
                              .strict = true,
                              .jobs = jobs * kClientsPerJob,
                              .stop = stop};
  return RunClientMutants(cases, options, [&done](confpb::Result result) {
    const bool is_control = result.target() == kControlClient;
    result.set_target((is_control ? "client " : "client mutant ") + result.target());
    done(std::move(result));
  });
}

/// The most results of RunClients.
std::size_t MostClientResults(std::span<const confpb::Case* const> cases) {
  std::size_t results = cases.size();
  for (const confpb::Case* const test : cases) {
    results += static_cast<std::size_t>(test->kills_size());
  }
  return results;
}

}  // namespace

int SelftestCommand(const Flags& flags, const std::stop_token& stop) {
  const StatusOr<std::vector<CaseFile>> files = LoadCases(flags);
  if (!files.ok()) return FailUsage(files.status());
  const auto cases = Select(*files, flags.selection);
  if (!cases.ok()) return FailUsage(cases.status());
  const auto mutants =
      flags.mutant_paths.empty() ? BuiltInMutants() : ReadMutants(flags.mutant_paths);
  if (!mutants.ok()) return FailUsage(mutants.status());
  if (const auto mistakes = UnknownMutants(*mutants, *cases); !mistakes.empty()) {
    std::string text = flags.mutant_paths.empty() ? "" : "--mutants replaces the program's own\n";
    for (const Mistake& mistake : mistakes) text += ToString(mistake) + '\n';
    text.pop_back();
    return FailUsage(tql::InvalidArgumentError(text));
  }
  std::vector<SelectedCase> server_cases;
  std::vector<const confpb::Case*> client_cases;
  for (const SelectedCase& selected : *cases) {
    if (selected.test->has_client()) {
      client_cases.push_back(selected.test);
    } else {
      server_cases.push_back(selected);
    }
  }

  const auto outputs =
      RunOutputs::Open(flags, MostSelftestResults(server_cases) + MostClientResults(client_cases));
  if (!outputs.ok()) return FailUsage(outputs.status());
  const steady_clock::time_point begun = steady_clock::now();
  SelftestOptions options;
  options.mutants = *mutants;
  options.jobs = flags.jobs != 0 ? flags.jobs : std::max(1U, std::thread::hardware_concurrency());
  options.on_result = [&](const confpb::Result& result) { (*outputs)->Add(result); };
  confpb::Report report = RunSelftest(server_cases, options, stop);
  const std::string stopped =
      RunClients(client_cases, options.jobs, stop, [&](confpb::Result result) {
        (*outputs)->Add(result);
        *report.add_result() = std::move(result);
      });
  if (report.stopped().empty()) report.set_stopped(stopped);
  SetDuration(steady_clock::now() - begun, report.mutable_duration());
  return (*outputs)->Finish(*files, &report);
}

}  // namespace tqlconform

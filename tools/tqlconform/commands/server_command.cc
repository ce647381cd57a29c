// tqlconform server
#include <malloc.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>
#include <set>
#include <span>
#include <stop_token>
#include <string>
#include <string_view>

#include "proto/base/environment.h"
#include "tools/tqlconform/commands/commands.h"
#include "tools/tqlconform/commands/run_outputs.h"
#include "tools/tqlconform/server/server_run.h"
#include "tql/credentials.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

StatusOr<std::vector<std::unique_ptr<Target>>> TargetsOf(const Flags& flags) {
  if (!flags.ca_file.empty() && access(flags.ca_file.c_str(), R_OK) != 0) {
    return tql::NotFoundError("--cacert: " + flags.ca_file + ": " + std::strerror(errno));
  }
  std::vector<std::unique_ptr<Target>> targets;
  std::set<std::string_view> urls;
  for (const std::string& url : flags.urls) {
    if (!urls.insert(url).second) return tql::InvalidArgumentError("--url: " + url + " twice");
    StatusOr<std::unique_ptr<Target>> target =
        Target::Parse(url, {.ca_file = flags.ca_file, .insecure = flags.insecure});
    if (!target.ok()) return target.status();
    targets.push_back(*std::move(target));
  }
  if (targets.empty()) return tql::InvalidArgumentError("server: --url is required");
  return targets;
}

StatusOr<RunnerOptions> RunnerOptionsOf(const Flags& flags) {
  const tql::Credentials credentials = flags.password_file.empty()
                                           ? tql::Credentials::FromEnvironment()
                                           : tql::Credentials::FromFile(flags.password_file);
  const StatusOr<std::string> password = credentials.password();
  if (!password.ok()) return password.status();
  return RunnerOptions{
      .account = {flags.user, *password},
      .unprivileged = {flags.unprivileged_user,
                       tql::base::Environment("TQL_UNPRIVILEGED_PASSWORD")},
      .timeout = flags.timeout,
      .strict = flags.strict,
  };
}

/// A variant is known by the cases that depend on it. The value of "NAME=VALUE" may be another one.
Status CheckVariants(std::span<const CaseFile> files, const std::set<std::string>& variants) {
  std::set<std::string> known;
  for (const CaseFile& file : files) {
    for (const confpb::Case& test : file.suite.case_()) {
      if (!test.variant().empty()) known.insert(test.variant().substr(test.variant()[0] == '!'));
    }
  }
  for (const std::string& variant : variants) {
    const std::string name = variant.substr(0, variant.find('='));
    const auto at = known.lower_bound(name);
    if (at != known.end() && at->substr(0, at->find('=')) == name) continue;
    std::string names;
    for (const std::string& each : known) names += (names.empty() ? "" : ", ") + each;
    return tql::InvalidArgumentError("--wire-variant: unknown variant \"" + variant +
                                     "\"; known are " + names);
  }
  return Status();
}

}  // namespace

int ServerCommand(const Flags& flags, const std::stop_token& stop) {
  // Threads wait for the server most of the time; arenas of their own would keep freed memory.
  mallopt(M_ARENA_MAX, 2);
  const auto targets = TargetsOf(flags);
  if (!targets.ok()) return FailUsage(targets.status());
  const StatusOr<RunnerOptions> runner = RunnerOptionsOf(flags);
  if (!runner.ok()) return FailUsage(runner.status());
  const StatusOr<std::vector<CaseFile>> files = LoadCases(flags);
  if (!files.ok()) return FailUsage(files.status());
  const Status known = CheckVariants(*files, flags.variants);
  if (!known.ok()) return FailUsage(known);
  Selection selection = flags.selection;
  selection.side = Side::kServer;
  const auto cases = Select(*files, selection);
  if (!cases.ok()) return FailUsage(cases.status());

  const std::string names[] = {"http", "https", "grpc"};
  const auto outputs = RunOutputs::Open(flags, cases->size() * targets->size(), names);
  if (!outputs.ok()) return FailUsage(outputs.status());
  ServerRunOptions options;
  for (const auto& target : *targets) options.targets.push_back(target.get());
  options.runner = *runner;
  options.risk = flags.risk;
  options.lacks = flags.lacks;
  options.variants = flags.variants;
  if (flags.jobs != 0) options.jobs = flags.jobs;
  options.tries = [&](const confpb::Case& test, const Target& target) {
    return (*outputs)->TriesOf(test.id(), target.name());
  };
  options.on_result = [&](const confpb::Result& result) { (*outputs)->Add(result); };
  confpb::Report report = RunServerCases(*cases, options, stop);
  return (*outputs)->Finish(*files, &report);
}

}  // namespace tqlconform

#include "tools/tqlconform/selftest/selftest.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "proto/base/mutex.h"
#include "tools/tqlconform/selftest/test_server.h"
#include "tools/tqlconform/server/server_run.h"
#include "tools/tqlconform/suite/durations.h"

namespace tqlconform {
namespace {

using tql::Status;
using tql::StatusOr;

constexpr const char* kWireVariants[] = {"date-time", "cell-objects", "lowercase-strings",
                                         "content-type=application/x-ndjson", "late-load-status"};

/// Proxies behind which every case must pass.
struct Control {
  const char* name;
  bool json;
  confpb::Rewrite::Framing framing;
};
constexpr Control kControls[] = {
    {"unchanged", false, confpb::Rewrite::AS_RECEIVED},
    {"json", true, confpb::Rewrite::AS_RECEIVED},
    {"chunks", false, confpb::Rewrite::TINY_CHUNKS},
};

/// A mutant, and a case that must fail on it.
struct Pair {
  const confpb::Mutant* mutant = nullptr;
  const confpb::Case* test = nullptr;
  bool over_grpc() const { return test->over_size() == 1 && test->over(0) == confpb::GRPC; }
};

/// Whether the case expects times. On a loaded machine a mutant may then hold its time by chance.
bool ExpectsTimes(const confpb::Case& test) {
  return std::ranges::any_of(test.step(), [](const confpb::Step& step) {
    const confpb::Expect& expect = step.expect();
    return expect.has_streams_for() || expect.has_first_byte_within() ||
           expect.has_first_byte_after();
  });
}

class Selftest {
 public:
  Selftest(std::span<const SelectedCase> cases, const SelftestOptions& options,
           const std::stop_token& stop)
      : cases_(cases), options_(options), stop_(stop), interrupt_(stop) {}

  confpb::Report Run() {
    const Clock::time_point begun = Clock::now();
    *report_.mutable_started() = google::protobuf::util::TimeUtil::GetCurrentTime();
    report_.set_mode("selftest");
    RunSuite();
    for (const char* const variant : kWireVariants) RunVariant(variant);
    for (const Control& control : kControls) RunControl(control);
    RunMutants();
    SetDuration(Clock::now() - begun, report_.mutable_duration());
    return std::move(report_);
  }

 private:
  void RunSuite() {
    const auto server = Started({.grpc = true});
    if (server == nullptr) return;
    RunCases(cases_, {server->http(), server->https(), server->grpc()}, {}, "");
  }

  void RunVariant(const std::string& variant) {
    const auto server = Started({.wire_variants = {variant}});
    if (server != nullptr) RunCases(cases_, {server->http()}, {variant}, "http variant " + variant);
  }

  void RunControl(const Control& control) {
    const auto server = Started({});
    if (server == nullptr) return;
    google::protobuf::RepeatedPtrField<confpb::Rewrite> messages;
    if (control.json || control.framing != confpb::Rewrite::AS_RECEIVED) {
      confpb::Rewrite* const rewrite = messages.Add();
      rewrite->set_json(control.json);
      rewrite->set_framing(control.framing);
    }
    StatusOr<RewriteRules> rules = CompileRewrites(messages);
    if (!rules.ok()) return Stop(rules.status());
    if (Status status = server->Break({}, *std::move(rules)); !status.ok()) return Stop(status);
    RunCases(cases_, {&server->proxied()}, {}, std::string("control ") + control.name);
  }

  /// Runs cases that must pass. Those that are not run over a target are left out.
  void RunCases(std::span<const SelectedCase> cases, std::vector<const Target*> targets,
                std::set<std::string> variants, const std::string& name) {
    ServerRunOptions options;
    options.targets = std::move(targets);
    options.runner = TestServer::Accounts();
    options.risk = confpb::DESTRUCTIVE;
    options.variants = std::move(variants);
    confpb::Report report = RunServerCases(cases, options, stop_);
    if (report_.stopped().empty()) report_.set_stopped(report.stopped());
    for (confpb::Result& result : *report.mutable_result()) {
      if (result.outcome() == confpb::SKIPPED) continue;
      if (result.outcome() == confpb::LACKS) result.set_outcome(confpb::FAILED);
      if (!name.empty()) result.set_target(name);
      Add(std::move(result));
    }
  }

  void RunMutants() {
    std::map<std::string, const confpb::Mutant*> by_id;
    for (const confpb::Mutant& mutant : options_.mutants) by_id[mutant.id()] = &mutant;
    std::vector<Pair> pairs;
    for (const SelectedCase& selected : cases_) {
      for (const std::string& id : selected.test->kills()) {
        const auto found = by_id.find(id);
        if (found != by_id.end()) pairs.push_back({found->second, selected.test});
      }
    }
    // Servers for gRPC are few: threads that have one do those first.
    std::ranges::stable_sort(pairs, std::greater<>(), &Pair::over_grpc);
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      Servers servers;
      for (std::size_t i = next++; i < pairs.size() && !stop_.stop_requested(); i = next++) {
        Add(RunPair(pairs[i], &servers));
      }
    };
    std::vector<std::jthread> threads;
    for (unsigned i = 1; i < options_.jobs; ++i) threads.emplace_back(work);
    work();
  }

  /// The servers of one thread, by what they are started with.
  using Servers = std::map<std::string, std::unique_ptr<TestServer>>;

  confpb::Result RunPair(const Pair& pair, Servers* servers) {
    const auto& variants = pair.mutant->wire_variant();
    std::string key = pair.over_grpc() ? "grpc" : "";
    for (const std::string& variant : variants) key += ' ' + variant;
    std::unique_ptr<TestServer>& server = (*servers)[key];
    confpb::Result result;
    if (server == nullptr) {
      server =
          Started({.wire_variants = {variants.begin(), variants.end()}, .grpc = pair.over_grpc()});
    }
    const int tries = ExpectsTimes(*pair.test) ? 3 : 1;
    for (int i = 0; server != nullptr && i < tries; ++i) {
      result = RunBroken(pair, *server);
      if (result.outcome() == confpb::FAILED) break;
    }
    const bool failed = result.outcome() == confpb::FAILED;
    const std::string how = result.reason().empty() ? "every expectation holds" : result.reason();
    result.set_id(pair.test->id());
    result.set_title(pair.test->title());
    result.set_level(pair.test->level());
    result.set_evidence(pair.test->evidence());
    result.set_ref(pair.test->ref());
    result.set_target("mutant " + pair.mutant->id());
    result.set_outcome(failed ? confpb::PASSED : confpb::FAILED);
    result.clear_finding();
    result.set_reason(failed ? "" : "the mutant survives (it " + pair.mutant->does() + "): " + how);
    return result;
  }

  confpb::Result RunBroken(const Pair& pair, TestServer& server) {
    confpb::Result result;
    StatusOr<RewriteRules> rules = CompileRewrites(pair.mutant->rewrite());
    const Target& target = pair.over_grpc() ? *server.grpc() : server.proxied();
    const RunnerOptions accounts = TestServer::Accounts();
    Secrets secrets;
    CaseRunner runner(target, accounts, "tqlconform_" + std::to_string(++databases_), interrupt_,
                      &secrets);
    Status status = rules.ok() ? runner.Login() : rules.status();
    if (status.ok() && pair.test->risk() != confpb::READ_ONLY) status = runner.CreateDatabase();
    if (status.ok()) status = server.Break(pair.mutant->plan(), *std::move(rules));
    if (status.ok()) result = runner.Run(*pair.test);
    server.Repair();
    if (!status.ok()) result.set_reason(status.message());
    // The server ends with the self-test; what cannot be dropped disturbs nothing.
    static_cast<void>(runner.DropDatabases());
    return result;
  }

  std::unique_ptr<TestServer> Started(const TestServer::Options& options) {
    StatusOr<std::unique_ptr<TestServer>> server = TestServer::Start(options);
    if (server.ok()) return *std::move(server);
    Stop(server.status());
    return nullptr;
  }

  void Add(confpb::Result result) {
    const tql::base::MutexLock lock(mutex_);
    if (options_.on_result) options_.on_result(result);
    *report_.add_result() = std::move(result);
  }
  void Stop(const Status& status) {
    const tql::base::MutexLock lock(mutex_);
    if (report_.stopped().empty()) report_.set_stopped(status.message());
  }

  const std::span<const SelectedCase> cases_;
  const SelftestOptions& options_;
  const std::stop_token stop_;
  const Interrupt interrupt_;
  std::atomic<unsigned> databases_{0};
  tql::base::Mutex mutex_;
  confpb::Report report_;  // Threads change it under the mutex.
};

}  // namespace

std::size_t MostSelftestResults(std::span<const SelectedCase> cases) {
  constexpr std::size_t kTransports = 3;
  std::size_t results =
      cases.size() * (kTransports + std::size(kWireVariants) + std::size(kControls));
  for (const SelectedCase& selected : cases) {
    results += static_cast<std::size_t>(selected.test->kills_size());
  }
  return results;
}

confpb::Report RunSelftest(std::span<const SelectedCase> cases, const SelftestOptions& options,
                           const std::stop_token& stop) {
  return Selftest(cases, options, stop).Run();
}

}  // namespace tqlconform

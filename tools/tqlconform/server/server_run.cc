#include "tools/tqlconform/server/server_run.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <string_view>
#include <thread>
#include <utility>

#include "proto/base/mutex.h"
#include "proto/base/random.h"
#include "proto/base/text.h"
#include "tools/tqlconform/suite/durations.h"
#include "tools/tqlconform/suite/results.h"

namespace tqlconform {
namespace {

using tql::Status;

/// After so many cases in a row without an answer the server is taken for gone.
constexpr int kMostSilent = 5;

/// Keeps of the bytes what a report shows: a run may have thousands of results.
void KeepLittle(confpb::Result* result) {
  constexpr int kMostExchanges = 4;
  constexpr std::size_t kMostBytes = 4'000;
  auto* const exchanges = result->mutable_exchange();
  const bool has_problem = result->outcome() == confpb::FAILED ||
                           result->outcome() == confpb::DIFFERS ||
                           result->outcome() == confpb::NOT_JUDGED;
  if (!has_problem) exchanges->Clear();
  if (exchanges->size() > kMostExchanges) {
    exchanges->DeleteSubrange(0, exchanges->size() - kMostExchanges);
  }
  for (confpb::Exchange& exchange : *exchanges) {
    const auto cut = [](std::string* bytes) -> std::uint64_t {
      if (bytes->size() <= kMostBytes) return 0;
      const std::size_t left_out = bytes->size() - kMostBytes;
      *bytes = bytes->substr(0, kMostBytes);
      return left_out;
    };
    exchange.set_sent_left_out(exchange.sent_left_out() + cut(exchange.mutable_sent()));
    exchange.set_received_left_out(exchange.received_left_out() + cut(exchange.mutable_received()));
  }
}

/// One run of one case over one target.
struct Task {
  const confpb::Case* test = nullptr;
  const Target* target = nullptr;
  int index = 0;  // of its result in the report
};

class ServerRun {
 public:
  ServerRun(std::span<const SelectedCase> cases, const ServerRunOptions& options,
            const std::stop_token& stop)
      : cases_(cases), options_(options), interrupt_(stop), prefix_(MakePrefix()) {
    secrets_.Add(options.runner.account.password);
    secrets_.Add(options.runner.unprivileged.password);
  }

  confpb::Report Run() {
    const Clock::time_point begun = Clock::now();
    *report_.mutable_started() = google::protobuf::util::TimeUtil::GetCurrentTime();
    report_.set_mode("server");
    for (const Target* const target : options_.targets) report_.add_target(target->origin());
    Plan();
    RunTasks(side_by_side_, std::max(1U, options_.jobs));
    RunTasks(alone_, 1);
    SetDuration(Clock::now() - begun, report_.mutable_duration());
    return std::move(report_);
  }

 private:
  static std::string MakePrefix() {
    constexpr std::size_t kDigits = 8;
    return "tqlconform_" +
           tql::base::Hex(std::uint64_t{tql::base::SeededGenerator()()}).substr(0, kDigits) + '_';
  }

  /// Why the case is not run over the target; nullopt: it is.
  std::optional<std::string> WhyNot(const confpb::Case& test, const Target& target,
                                    confpb::Outcome* outcome) const {
    *outcome = confpb::SKIPPED;
    const auto& over = test.over();
    if (!over.empty() && std::ranges::count(over, target.transport()) == 0) {
      return "not over " + target.name();
    }
    const bool bytes = std::ranges::any_of(
        test.step(), [](const confpb::Step& step) { return step.has_http() || step.has_raw(); });
    if (bytes && target.transport() == confpb::GRPC) return "not over grpc";
    const bool rpc = std::ranges::any_of(test.step(), &confpb::Step::has_rpc);
    if (rpc && target.transport() != confpb::GRPC) return "only over grpc";
    if (test.risk() > options_.risk) {
      return "risk " + tql::base::Lower(confpb::Risk_Name(test.risk())) + "; see --risk";
    }
    std::string_view variant = test.variant();
    const bool without = variant.starts_with('!');
    if (without) variant.remove_prefix(1);
    if (!variant.empty() && options_.variants.contains(std::string(variant)) == without) {
      return (without ? "only without the wire variant " : "only with the wire variant ") +
             std::string(variant);
    }
    for (const std::string& need : test.needs()) {
      if (options_.lacks.contains(need)) {
        *outcome = confpb::LACKS;
        return "--lacks " + need;
      }
      if (need == "unprivileged_user" && options_.runner.unprivileged.user.empty()) {
        return "needs --unprivileged-user";
      }
    }
    return std::nullopt;
  }

  /// Makes the tasks, and the results of cases that are not run.
  void Plan() {
    for (const Target* const target : options_.targets) {
      for (const SelectedCase& selected : cases_) {
        const confpb::Case& test = *selected.test;
        confpb::Outcome outcome = confpb::SKIPPED;
        const auto why = WhyNot(test, *target, &outcome);
        const Task task{&test, target, report_.result_size()};
        confpb::Result& result = *report_.add_result();
        result =
            ResultOf(test, target->name(), why ? outcome : confpb::UNSET_OUTCOME, why.value_or(""));
        if (why) {
          if (options_.on_result) options_.on_result(result);
          continue;
        }
        const bool alone = test.alone() || test.risk() == confpb::DESTRUCTIVE;
        (alone ? alone_ : side_by_side_).push_back(task);
      }
    }
  }

  void RunTasks(std::span<const Task> tasks, std::size_t jobs) {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      std::unique_ptr<Worker> worker;
      for (std::size_t i = next++; i < tasks.size(); i = next++) {
        if (worker == nullptr || worker->target != tasks[i].target) {
          if (worker != nullptr) Leave(*worker);
          worker = std::make_unique<Worker>(*this, *tasks[i].target);
        }
        RunTask(*worker, tasks[i]);
      }
      if (worker != nullptr) Leave(*worker);
    };
    std::vector<std::jthread> threads;
    for (std::size_t i = 1; i < std::min(jobs, tasks.size()); ++i) threads.emplace_back(work);
    work();
  }

  /// A session, and a database of its own, in which cases run one after the other.
  struct Worker {
    Worker(ServerRun& run, const Target& its_target)
        : target(&its_target),
          runner(its_target, run.options_.runner, run.DatabaseName(), run.interrupt_,
                 &run.secrets_) {}

    const Target* target;
    CaseRunner runner;
    bool has_session = false;
  };

  /// No name is the beginning of another.
  std::string DatabaseName() {
    std::string number = std::to_string(++databases_);
    constexpr std::size_t kDigits = 4;
    number.insert(0, kDigits - std::min(kDigits, number.size()), '0');
    return prefix_ + number;
  }

  void RunTask(Worker& worker, const Task& task) {
    const std::string why = WhyNotNow(worker, task);
    if (!why.empty()) {
      Report(task.index, ResultOf(*task.test, task.target->name(), confpb::NOT_JUDGED,
                                  std::string(kNotRun) + why));
      return;
    }
    confpb::Result result = RunWithTries(worker.runner, *task.test, *task.target);
    CountSilence(result, worker.runner.answered());
    Report(task.index, std::move(result));
  }

  /// Makes what the case needs. Returns why that is not possible.
  std::string WhyNotNow(Worker& worker, const Task& task) {
    if (std::string why = Stopped(); !why.empty()) return why;
    if (!worker.has_session) {
      const Status login = worker.runner.Login();
      if (!login.ok()) {
        Stop(login.message());
        return login.message();
      }
      worker.has_session = true;
    }
    if (task.test->risk() == confpb::READ_ONLY) return "";
    return worker.runner.CreateDatabase().message();
  }

  void Leave(Worker& worker) {
    const Status dropped = worker.runner.DropDatabases();
    const tql::base::MutexLock lock(mutex_);
    if (dropped.ok()) return;
    std::string* const all = report_.mutable_cleanup();
    *all += (all->empty() ? "" : "; ") + dropped.message();
  }

  confpb::Result RunWithTries(CaseRunner& runner, const confpb::Case& test, const Target& target) {
    const unsigned tries = options_.tries ? options_.tries(test, target) : 1;
    confpb::Result result = runner.Run(test);
    for (unsigned i = 2; i <= tries && result.outcome() != confpb::PASSED; ++i) {
      if (interrupt_.token().stop_requested()) break;
      const Status empty = EmptyDatabase(runner, test);
      result = empty.ok() ? runner.Run(test)
                          : ResultOf(test, target.name(), confpb::NOT_JUDGED,
                                     "not tried again: " + empty.message());
      result.set_tries(i);
    }
    return result;
  }

  /// Removes what a try of the case has made, so that the next one finds what the first did.
  static Status EmptyDatabase(CaseRunner& runner, const confpb::Case& test) {
    if (test.risk() == confpb::READ_ONLY) return Status();
    const Status dropped = runner.DropDatabases();
    return dropped.ok() ? runner.CreateDatabase() : dropped;
  }

  void CountSilence(const confpb::Result& result, bool answered) {
    const bool judged = result.outcome() != confpb::NOT_JUDGED;
    if (!judged && interrupt_.token().stop_requested()) {
      Stop("interrupted");
    } else if (judged || answered) {
      silent_ = 0;
    } else if (++silent_ >= kMostSilent) {
      Stop("the last " + std::to_string(kMostSilent) + " cases had no answer: " + result.reason());
    }
  }

  void Report(int index, confpb::Result result) {
    const tql::base::MutexLock lock(mutex_);
    if (options_.on_result) options_.on_result(result);
    KeepLittle(&result);
    *report_.mutable_result(index) = std::move(result);
  }

  void Stop(const std::string& why) {
    const tql::base::MutexLock lock(mutex_);
    if (report_.stopped().empty()) report_.set_stopped(secrets_.Mask(why));
  }
  std::string Stopped() {
    if (interrupt_.token().stop_requested()) Stop("interrupted");
    const tql::base::MutexLock lock(mutex_);
    return report_.stopped();
  }

  const std::span<const SelectedCase> cases_;
  const ServerRunOptions& options_;
  const Interrupt interrupt_;
  const std::string prefix_;
  Secrets secrets_;
  std::atomic<unsigned> databases_{0};
  std::vector<Task> side_by_side_;
  std::vector<Task> alone_;
  std::atomic<int> silent_{0};
  tql::base::Mutex mutex_;
  confpb::Report report_;  // Threads change it under the mutex.
};

}  // namespace

confpb::Report RunServerCases(std::span<const SelectedCase> cases, const ServerRunOptions& options,
                              const std::stop_token& stop) {
  return ServerRun(cases, options, stop).Run();
}

}  // namespace tqlconform

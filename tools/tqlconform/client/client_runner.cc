#include "tools/tqlconform/client/client_runner.h"

#include <algorithm>
#include <condition_variable>
#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include "proto/base/status_macros.h"
#include "proto/document/message_reader.h"
#include "tools/tqlconform/client/adapter.h"
#include "tools/tqlconform/client/played_server.h"
#include "tools/tqlconform/client/verdict.h"
#include "tools/tqlconform/report/secrets.h"
#include "tools/tqlconform/suite/durations.h"
#include "tools/tqlconform/suite/results.h"
#include "tools/tqlconform/suite/variables.h"
#include "tql/wire/json.h"

namespace tqlconform {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::steady_clock;

constexpr milliseconds kMostGrace{5'000};
/// A program that did not call the server in time gets this much more in a second try: on a busy
/// machine, an interpreter may need longer to start than the case takes.
constexpr milliseconds kMostStart{10'000};

const char* NameOf(confpb::Transport transport) {
  return transport == confpb::GRPC ? "grpc" : transport == confpb::HTTPS ? "https" : "http";
}

/// The client part of a case with a value for each ${…}: repeat, seq and byte, which make long
/// texts from short cases.
tql::StatusOr<confpb::Client> Expanded(const confpb::Client& client) {
  const std::string json = tql::ToJson(client);
  if (json.find("${") == json.npos) return client;
  const auto unknown = [](std::string_view name) -> tql::StatusOr<std::string> {
    return tql::InvalidArgumentError("unknown variable " + std::string(name));
  };
  TQL_ASSIGN_OR_RETURN(const std::string expanded, Expand(json, unknown, Quoting::kJsonString));
  confpb::Client whole;
  constexpr tql::document::Limits kLimits{.max_bytes = 2 * kMaxExpandedBytes};
  TQL_RETURN_IF_ERROR(tql::document::ReadMessage(expanded, &whole, kLimits));
  return whole;
}

/// Whether what the case does on the wire can be done over the transport.
bool CanBeRunOver(const confpb::Case& test, confpb::Transport transport) {
  const confpb::Client& client = test.client();
  if (client.transport() != confpb::ANY_TRANSPORT) return client.transport() == transport;
  return test.over().empty() || std::ranges::find(test.over(), transport) != test.over().end();
}

confpb::Result ResultOf(const ClientTask& task, const ClientOptions& options) {
  confpb::Result result;
  result.set_id(task.test->id());
  result.set_title(task.test->title());
  result.set_level(task.test->level());
  result.set_evidence(task.test->evidence());
  result.set_ref(task.test->ref());
  result.set_target(options.adapter.name() + "/" + NameOf(task.transport));
  result.set_tries(1);
  return result;
}

constexpr std::size_t kMostShown = std::size_t{16} << 10;

/// Adds what was on the wire, without secrets.
void AddCalls(std::span<const RelayedCall> calls, const Secrets& secrets, confpb::Result* result) {
  constexpr std::size_t kMostCalls = 20;
  for (const RelayedCall& call : calls.first(std::min(calls.size(), kMostCalls))) {
    const std::string_view request = call.request;
    confpb::Exchange& exchange = *result->add_exchange();
    exchange.set_what(std::string(request.substr(0, request.find('\r'))));
    exchange.set_sent(secrets.Mask(request.substr(0, kMostShown)));
    exchange.set_sent_left_out(request.size() - std::min(request.size(), kMostShown));
    exchange.set_received(secrets.Mask(call.response));
    exchange.set_received_left_out(call.response_left_out);
  }
}

/// Adds the journal of the server, for calls that were encrypted.
void AddJournal(const std::string& journal, const Secrets& secrets, confpb::Result* result) {
  confpb::Exchange& exchange = *result->add_exchange();
  exchange.set_what("the journal of the server");
  exchange.set_received(secrets.Mask(std::string_view(journal).substr(0, kMostShown)));
  exchange.set_received_left_out(journal.size() - std::min(journal.size(), kMostShown));
}

void AddExchanges(const PlayedServer& server, const std::string& password, confpb::Result* result) {
  Secrets secrets;
  secrets.Add(password);
  if (const auto calls = server.calls()) {
    AddCalls(*calls, secrets, result);
  } else {
    AddJournal(server.Journal(), secrets, result);
  }
}

confpb::Result NotRun(const tql::Status& status, confpb::Result result) {
  result.set_outcome(confpb::NOT_JUDGED);
  result.set_reason("the server of the case: " + status.message());
  return result;
}

std::optional<std::vector<std::string>> RequestsOf(const PlayedServer& server) {
  auto calls = server.calls();
  if (!calls) return std::nullopt;
  std::vector<std::string> requests;
  for (RelayedCall& call : *calls) requests.push_back(std::move(call.request));
  return requests;
}

confpb::Result RunTask(const ClientTask& task, const ClientOptions& options,
                       ProgramCaller& caller) {
  const steady_clock::time_point begun = steady_clock::now();
  confpb::Result result = ResultOf(task, options);
  confpb::Case test = *task.test;
  tql::StatusOr<confpb::Client> expanded = Expanded(test.client());
  if (!expanded.ok()) return NotRun(expanded.status(), std::move(result));
  *test.mutable_client() = *std::move(expanded);
  const confpb::Client& client = test.client();
  auto server = PlayedServer::Start(client, task.transport);
  if (!server.ok()) return NotRun(server.status(), std::move(result));
  Job job{.test = &test, .place = (*server)->place()};
  job.within = client.has_within() ? std::chrono::ceil<milliseconds>(ToNanoseconds(client.within()))
                                   : options.timeout;
  // The program must end within its time. A grace period detects a program that does not.
  const auto statements = std::max(1, client.run_size());
  job.deadline = steady_clock::now() + job.within * statements +
                 std::clamp(options.timeout / 2, milliseconds(500), kMostGrace);
  job.stop = options.stop;
  Observation seen = caller.Run(job);
  if (seen.kind == Observation::Kind::kTimeout && !(*server)->was_called()) {
    job.deadline += steady_clock::now() - begun + kMostStart;
    seen = caller.Run(job);
  }
  Received received{.was_called = (*server)->was_called(), .verified = {}, .requests = {}};
  if (seen.kind == Observation::Kind::kSeen) {
    if (client.has_verify()) {
      tqlkit::mock::v1::VerifyRequest verify = client.verify();
      const auto within =
          std::min<nanoseconds>(ToNanoseconds(verify.within()), options.verify_within);
      SetDuration(within, verify.mutable_within());
      received.verified = (*server)->Verify(verify);
    }
    received.requests = RequestsOf(**server);
  }
  Judge(test, seen, received, options.strict, &result);
  if (result.finding_size() > 0 || options.keeps_exchanges) {
    AddExchanges(**server, job.place.password, &result);
  }
  SetDuration(steady_clock::now() - begun, result.mutable_duration());
  return result;
}

/// The tasks, taken one by one by several threads; their results in the order of the tasks.
class Queue {
 public:
  Queue(std::span<const ClientTask> tasks, const ClientOptions& options,
        const std::function<void(confpb::Result)>& done)
      : tasks_(tasks), options_(options), done_(done), results_(tasks.size()) {}

  void Work() {
    const std::unique_ptr<ProgramCaller> caller =
        MakeCaller(options_.adapter, options_.command, options_.environment);
    while (const std::optional<std::size_t> index = Take()) {
      Put(*index, RunUntilItPasses(tasks_[*index], *caller));
    }
  }

  /// Reports the tasks that were not run.
  std::string Finish() {
    if (options_.stop.stop_requested() && stopped_.empty()) stopped_ = "interrupted";
    for (std::size_t i = next_; i < tasks_.size(); ++i) {
      confpb::Result result = ResultOf(tasks_[i], options_);
      result.set_outcome(confpb::NOT_JUDGED);
      result.set_reason(std::string(kNotRun) + stopped_);
      Put(i, std::move(result));
    }
    return stopped_;
  }

 private:
  confpb::Result RunUntilItPasses(const ClientTask& task, ProgramCaller& caller) const {
    confpb::Result result = RunTask(task, options_, caller);
    const unsigned most = options_.tries ? options_.tries(*task.test, result.target()) : 1;
    for (unsigned tries = 2; tries <= most; ++tries) {
      if (result.outcome() == confpb::PASSED || result.outcome() == confpb::SKIPPED) break;
      if (options_.stop.stop_requested()) break;
      result = RunTask(task, options_, caller);
      result.set_tries(tries);
    }
    return result;
  }

  std::optional<std::size_t> Take() {
    const std::lock_guard lock(mutex_);
    const bool ends = next_ == tasks_.size() || !stopped_.empty() || options_.stop.stop_requested();
    return ends ? std::nullopt : std::optional(next_++);
  }

  void Put(std::size_t index, confpb::Result result) {
    const std::lock_guard lock(mutex_);
    if (stopped_.empty()) CountBreakdown(result);
    results_[index] = std::move(result);
    while (reported_ < results_.size() && results_[reported_]) {
      done_(*std::exchange(results_[reported_++], std::nullopt));
    }
  }

  void CountBreakdown(const confpb::Result& result) {
    const bool hung = result.finding_size() > 0 && result.finding(0).check() == "within";
    if (hung) {
      ++hung_;
    } else if (result.outcome() == confpb::NOT_JUDGED) {
      ++broken_;
    } else if (result.outcome() != confpb::SKIPPED) {
      hung_ = broken_ = 0;
    }
    if (broken_ < kMostBreakdowns && hung_ < kMostHung) return;
    stopped_ = "the program broke down in " + std::to_string(hung_ + broken_) +
               " cases in a row, the last time: " + result.reason();
  }

  const std::span<const ClientTask> tasks_;
  const ClientOptions& options_;
  const std::function<void(confpb::Result)>& done_;
  std::mutex mutex_;
  std::vector<std::optional<confpb::Result>> results_;
  std::size_t next_ = 0;
  std::size_t reported_ = 0;
  int broken_ = 0;  // in a row
  int hung_ = 0;    // in a row
  std::string stopped_;
};

}  // namespace

std::vector<ClientTask> ClientTasks(std::span<const confpb::Case* const> cases,
                                    std::span<const confpb::Transport> transports) {
  constexpr confpb::Transport kAll[] = {confpb::HTTP, confpb::HTTPS, confpb::GRPC};
  std::vector<ClientTask> tasks;
  for (const confpb::Case* const test : cases) {
    if (!test->has_client()) continue;
    for (const confpb::Transport transport :
         transports.empty() ? std::span<const confpb::Transport>(kAll) : transports) {
      if (CanBeRunOver(*test, transport)) tasks.push_back({test, transport});
    }
  }
  return tasks;
}

std::string RunClientTasks(std::span<const ClientTask> tasks, const ClientOptions& options,
                           const std::function<void(confpb::Result)>& done) {
  Queue queue(tasks, options, done);
  {
    std::vector<std::jthread> workers;
    for (unsigned i = 1; i < std::min<std::size_t>(options.jobs, tasks.size()); ++i) {
      workers.emplace_back([&queue] { queue.Work(); });
    }
    queue.Work();
  }
  return queue.Finish();
}

}  // namespace tqlconform

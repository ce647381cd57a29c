#include "client/src/observed_call.h"

#include <algorithm>
#include <random>
#include <utility>

#include "client/src/fork.h"
#include "proto/base/random.h"
#include "proto/base/text.h"
#include "tql/result.h"

namespace tql {
namespace {

constexpr std::size_t kMostIdBytes = 128;

std::string RandomId() {
  thread_local OwnerProcess owner;
  thread_local std::mt19937_64 generator = base::SeededGenerator();
  if (!owner.is_current()) {  // a child of fork() must not repeat the ids of its parent
    generator = base::SeededGenerator();
    owner = OwnerProcess();
  }
  const std::string half = base::Hex(generator());
  return half + base::Hex(generator());
}

void End(CallTrace& trace, CallOutcome outcome) {
  if (!trace.observer) return;
  outcome.duration = std::chrono::steady_clock::now() - trace.start;
  outcome.attempts = trace.attempts.load();
  trace.observer->OnEnd(trace.call, outcome);
}

// Counts rows and bytes, and calls OnEnd once.
class ObservedStream : public ResultStream {
 public:
  ObservedStream(std::unique_ptr<ResultStream> stream, std::shared_ptr<CallTrace> trace)
      : stream_(std::move(stream)), trace_(std::move(trace)) {}
  ~ObservedStream() override {
    if (!ended_) Finish(CancelledError("the response was not read to its end"));
  }

  StatusOr<ResultEvent> Next() override {
    StatusOr<ResultEvent> event = stream_->Next();
    if (ended_) return event;
    if (!event) {
      Finish(event.status());
    } else if (const auto* row = std::get_if<RowView>(&*event)) {
      ++outcome_.rows;
      for (const std::string_view cell : *row) outcome_.bytes += cell.size();
    } else if (const auto* message = std::get_if<Message>(&*event)) {
      outcome_.bytes += message->text.size();
      // Of a script, the first failed statement determines the status.
      if (outcome_.status.ok()) outcome_.status = StatementStatus({*message});
    } else if (std::holds_alternative<StreamEnd>(*event)) {
      Finish({});
    }
    return event;
  }
  void Cancel() override { stream_->Cancel(); }

 private:
  void Finish(Status error) {
    ended_ = true;
    if (!error.ok()) outcome_.status = std::move(error);
    End(*trace_, std::move(outcome_));
  }

  const std::unique_ptr<ResultStream> stream_;
  const std::shared_ptr<CallTrace> trace_;
  CallOutcome outcome_;
  bool ended_ = false;
};

}  // namespace

std::string_view OperationName(Operation operation) {
  switch (operation) {
    case Operation::kLogin:
      return "login";
    case Operation::kLogout:
      return "logout";
    case Operation::kQuery:
      return "query";
    case Operation::kScript:
      return "script";
    case Operation::kTokens:
      return "tokens";
    case Operation::kSchemaVersion:
      return "schema version";
  }
  return "unknown";
}

StatusOr<std::shared_ptr<CallTrace>> StartTrace(Operation operation, std::string request_id,
                                                std::shared_ptr<CallObserver> observer) {
  if (!observer && request_id.empty()) return std::shared_ptr<CallTrace>();
  const bool clean = std::ranges::all_of(request_id, [](char c) { return c > ' ' && c < 0x7f; });
  if (!clean || request_id.size() > kMostIdBytes) {
    return InvalidArgumentError("a request id has at most " + std::to_string(kMostIdBytes) +
                                " printable ASCII characters and no spaces");
  }
  auto trace = std::make_shared<CallTrace>();
  trace->call = {operation, request_id.empty() ? RandomId() : std::move(request_id)};
  trace->start = std::chrono::steady_clock::now();
  trace->observer = std::move(observer);
  if (trace->observer) trace->observer->OnStart(trace->call);
  return trace;
}

void EndTrace(CallTrace* trace, Status status) {
  if (!trace) return;
  CallOutcome outcome;
  outcome.status = std::move(status);
  End(*trace, std::move(outcome));
}

std::unique_ptr<ResultStream> Observed(std::unique_ptr<ResultStream> stream,
                                       std::shared_ptr<CallTrace> trace) {
  if (!trace || !trace->observer) return stream;
  return std::make_unique<ObservedStream>(std::move(stream), std::move(trace));
}

}  // namespace tql

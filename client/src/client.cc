#include "tql/client.h"

#include <algorithm>

#include "client/src/client_stream.h"
#include "client/src/duration.h"
#include "client/src/observed_call.h"
#include "client/src/relogin_transport.h"
#include "client/src/request_utf8.h"
#include "proto/base/random.h"
#include "proto/base/status.h"
#include "proto/base/text.h"

namespace tql {
namespace {

// Timeouts are clamped, because now + timeout must not overflow.
CallLimits LimitsFor(std::chrono::milliseconds timeout, std::stop_token stop = {}) {
  return {std::chrono::steady_clock::now() + std::min(timeout, kLongestTime), std::move(stop),
          nullptr};
}

// Returns a random text that represents NULL in responses, so that no cell can be mistaken for
// NULL, not even deliberately.
std::string NullMarker() { return "\u2400" + base::Hex(base::SeededGenerator()()).substr(8); }

Context FirstContext(const Options& options) {
  Context context;
  context.database = options.database;
  if (!options.schema.empty()) context.schema = options.schema;
  return context;
}

}  // namespace

// Hidden, because the version script exports Client::*.
struct __attribute__((visibility("hidden"))) Client::State {
  std::shared_ptr<Transport> transport;
  Options options;
  std::shared_ptr<SharedContext> context;
  std::string null_marker = NullMarker();

  // Requests null_marker as the text of NULL, unless the caller has set null_string.
  NullTexts MarkNull(RequestOptions& request) const {
    const std::optional<std::string> own = OptionsOf(request).null_string;
    if (own) return {*own, *own};
    if (!options.mark_null) return {};
    request.statement.null_string = null_marker;
    return {null_marker, "(null)"};
  }

  StatementOptions OptionsOf(const RequestOptions& request) const {
    return Merge(request.statement, options.statement);
  }
  // Executes a call that returns no rows, and notifies the observer.
  template <typename Call>
  auto Run(Operation operation, Call call) const -> decltype(call(CallLimits())) {
    CallLimits limits = LimitsFor(options.call_timeout);
    auto trace = StartTrace(operation, {}, options.observer);
    if (!trace) return trace.status();
    limits.trace = *trace;
    auto result = call(limits);
    EndTrace(trace->get(), base::StatusOf(result));
    return result;
  }
  // Executes a call that returns rows with a trace of its own, which it puts into `limits`. The
  // caller ends the trace of a call that succeeded.
  template <typename Call>
  auto Start(Operation operation, std::string request_id, CallLimits& limits, Call call) const
      -> decltype(call()) {
    auto trace = StartTrace(operation, std::move(request_id), options.observer);
    if (!trace) return trace.status();
    limits.trace = *std::move(trace);
    auto stream = call();
    if (!stream) EndTrace(limits.trace.get(), stream.status());
    return stream;
  }
  CallLimits LimitsOf(const RequestOptions& request) const {
    return LimitsFor(request.timeout.count() > 0 ? request.timeout : options.query_timeout,
                     request.stop);
  }
  ProgressCallback ProgressOf(const RequestOptions& request) const {
    return request.on_progress ? request.on_progress : options.on_progress;
  }
};

Client::Client(std::shared_ptr<Transport> transport, Options options)
    : state_(std::make_shared<State>()) {
  state_->transport = MakeReloginTransport(std::move(transport), options.call_timeout);
  state_->context = std::make_shared<SharedContext>(FirstContext(options));
  state_->options = std::move(options);
}

// A copy shares the transport and its session, but gets a context of its own.
Client::Client(const Client& other) : state_(std::make_shared<State>(*other.state_)) {
  state_->context = std::make_shared<SharedContext>(other.context());
}

Client& Client::operator=(const Client& other) {
  if (this != &other) *this = Client(other);
  return *this;
}

Status Client::Login(const std::string& user, const std::string& password) {
  if (Status status = CheckUtf8(LoginParams{user, password, {}}); !status.ok()) return status;
  return state_->Run(Operation::kLogin, [&](const CallLimits& limits) {
    return state_->transport->Login({user, password, limits});
  });
}

Status Client::Logout() {
  return state_->Run(Operation::kLogout,
                     [&](const CallLimits& limits) { return state_->transport->Logout({limits}); });
}

StatusOr<std::unique_ptr<ResultStream>> Client::Stream(std::string statement,
                                                       RequestOptions request) {
  QueryParams params;
  params.statement = std::move(statement);
  params.context = context();
  params.options = state_->OptionsOf(request);
  params.idempotent = request.idempotent;
  params.limits = state_->LimitsOf(request);
  if (Status status = CheckUtf8(params); !status.ok()) return status;
  auto stream = state_->Start(Operation::kQuery, std::move(request.request_id), params.limits,
                              [&] { return state_->transport->Query(params); });
  if (!stream) return stream.status();
  QuestionCallback on_question =
      request.on_question ? std::move(request.on_question) : state_->options.on_question;
  std::shared_ptr<CallTrace> trace = params.limits.trace;
  return Observed(
      std::make_unique<ClientStream>(state_->transport, std::move(params), *std::move(stream),
                                     state_->context, std::move(on_question)),
      std::move(trace));
}

QueryResult Client::Query(std::string statement, RequestOptions request) {
  NullTexts null = state_->MarkNull(request);
  ProgressCallback on_progress = state_->ProgressOf(request);
  StatusOr<std::unique_ptr<ResultStream>> stream = Stream(std::move(statement), std::move(request));
  if (!stream) return QueryResult(stream.status());
  return QueryResult(*std::move(stream), std::move(null), std::move(on_progress));
}

StatusOr<Table> Client::QueryTable(std::string statement, RequestOptions request) {
  return Query(std::move(statement), std::move(request)).ReadTable();
}

Outcome Client::Execute(std::string statement, RequestOptions request) {
  QueryResult result = Query(std::move(statement), std::move(request));
  Outcome outcome;
  outcome.status = result.Finish();
  outcome.messages = result.messages();
  outcome.rows = result.row_count();
  return outcome;
}

StatusOr<Row> Client::QueryOneCell(std::string statement, RequestOptions request) {
  QueryResult result = Query(std::move(statement), std::move(request));
  StatusOr<std::optional<Row>> first = result.Next();
  if (!first) return first.status();
  if (!*first || (*first)->size() != 1) {
    return FailedPreconditionError("the result is not one row of one column");
  }
  Row row = (*first)->Own();
  StatusOr<std::optional<Row>> second = result.Next();
  if (!second) return second.status();
  if (*second) return FailedPreconditionError("the result has more than one row");
  return row;
}

StatusOr<std::unique_ptr<ResultStream>> Client::StreamScript(std::string script,
                                                             RequestOptions request,
                                                             ScriptKind kind) {
  ScriptParams params{std::move(script), context(), state_->OptionsOf(request),
                      state_->LimitsOf(request), kind};
  if (Status status = CheckUtf8(params); !status.ok()) return status;
  auto stream = state_->Start(Operation::kScript, std::move(request.request_id), params.limits,
                              [&] { return state_->transport->RunScript(params); });
  if (!stream) return stream.status();
  return Observed(
      std::make_unique<ClientStream>(state_->transport, QueryParams(), *std::move(stream),
                                     state_->context, QuestionCallback()),
      std::move(params.limits.trace));
}

ScriptResult Client::RunScript(std::string script, RequestOptions request) {
  NullTexts null = state_->MarkNull(request);
  ProgressCallback on_progress = state_->ProgressOf(request);
  StatusOr<std::unique_ptr<ResultStream>> stream =
      StreamScript(std::move(script), std::move(request));
  if (!stream) return ScriptResult(stream.status());
  return ScriptResult(*std::move(stream), std::move(null), std::move(on_progress));
}

StatusOr<Tokens> Client::GetTokens(TokenKind kind) {
  return state_->Run(Operation::kTokens, [&](const CallLimits& limits) {
    return state_->transport->GetTokens({kind, limits});
  });
}

StatusOr<std::int64_t> Client::SchemaVersion() {
  return state_->Run(Operation::kSchemaVersion, [&](const CallLimits& limits) {
    return state_->transport->SchemaVersion({limits});
  });
}

Context Client::context() const { return state_->context->Get(); }

void Client::set_context(Context context) { state_->context->Set(std::move(context)); }

}  // namespace tql

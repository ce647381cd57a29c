#include "mockserver/service/tql_service.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <optional>
#include <utility>

#include "mockserver/dialect/keywords.h"
#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/splitter.h"
#include "mockserver/service/options.h"

namespace tql::service {
namespace {

using engine::Context;
using engine::StatementSink;

/// Passes everything on, and remembers the context after the statement.
class ContextKeeper : public StatementSink {
 public:
  ContextKeeper(StatementSink& next, Context& context) : next_(next), context_(context) {}
  /// The first message of the answer. A table comes before all messages, whatever their order.
  void SetPrologue(std::string text) { prologue_ = std::move(text); }

  bool OnProgress(std::span<const engine::Progress> stages) override {
    return next_.OnProgress(stages);
  }
  bool OnQuestion(const engine::Question& question) override {
    asked_ = true;
    return next_.OnQuestion(question);
  }
  bool Begin(const Context& final_context) override {
    context_ = final_context;
    begun_ = true;
    return next_.Begin(final_context);
  }
  bool Header(std::span<const engine::Column> columns) override { return next_.Header(columns); }
  bool Row(std::span<const std::string_view> cells) override { return next_.Row(cells); }
  bool Message(engine::MessageType type, std::string_view text) override {
    return ShowPrologue() && next_.Message(type, text);
  }
  void End() override {
    if (begun_) ShowPrologue();
    next_.End();
  }
  bool asked() const { return asked_; }

 private:
  bool ShowPrologue() {
    if (prologue_.empty()) return true;
    return next_.Message(engine::MessageType::kInfo, std::exchange(prologue_, {}));
  }

  StatementSink& next_;
  Context& context_;
  std::string prologue_;
  bool begun_ = false;
  bool asked_ = false;
};

Status CheckPrivilege(const Session& session) {
  if (session.user->can_manage_data) return Status();
  return PermissionDeniedError(
      "User does not have required privileges. Please contact your administrator.");
}

bool IsExit(const dialect::Statement& statement) {
  return statement.kind() == dialect::StatementKind::kExit;
}

/// Runs statements one after the other, each in the context that the one before left.
class Runner {
 public:
  Runner(engine::Engine& engine, ResponseSink& sink, engine::StatementOptions options,
         Context context, const storage::Cancellation& cancellation,
         std::chrono::milliseconds timeout)
      : engine_(engine),
        sink_(sink),
        options_(std::move(options)),
        context_(std::move(context)),
        cancellation_(cancellation),
        timeout_(timeout) {}

  struct Outcome {
    Status status;
    bool exit = false;   // the statement was exit; or quit;
    bool asked = false;  // the statement waits for an answer, and what follows waits with it
  };
  Outcome Run(const ResponseSink::StatementInfo& info, TextPlace place) {
    dialect::ParseOptions parse;
    parse.origin = place;
    const StatusOr<dialect::Statement> statement = dialect::ParseStatement(info.text, parse);
    Outcome outcome;
    outcome.exit = statement.ok() && IsExit(*statement);
    ResponseSink::StatementInfo known = info;
    known.last = info.last || outcome.exit;

    ContextKeeper keeper(sink_.BeginStatement(known), context_);
    if (info.script) keeper.SetPrologue(std::string(info.text) + ";\n");
    const Context before = context_;
    if (!statement.ok()) {
      outcome.status = engine_.Reject(statement.status(), before, keeper);
      return outcome;
    }
    storage::Cancellation limited = cancellation_;
    if (timeout_.count() > 0) {
      limited.deadline = std::min(limited.deadline, std::chrono::steady_clock::now() + timeout_);
    }
    outcome.status = engine_.Execute({info.text, *statement, before, options_, limited}, keeper);
    outcome.asked = keeper.asked();
    return outcome;
  }

  bool stopped() const { return !cancellation_.Check().ok(); }

 private:
  engine::Engine& engine_;
  ResponseSink& sink_;
  const engine::StatementOptions options_;
  Context context_;
  const storage::Cancellation& cancellation_;
  const std::chrono::milliseconds timeout_;
};

/// Runs every statement of `text`, a script or the statements of one query request.
void RunAll(Runner& runner, std::string_view text, bool script, bool go_on) {
  dialect::ScriptSplitter splitter(text);
  std::optional<dialect::ScriptStatement> next = splitter.Next();
  for (std::size_t index = 0; next; ++index) {
    const dialect::ScriptStatement statement = *next;
    next = splitter.Next();
    const Runner::Outcome outcome =
        runner.Run({index, statement.text, !next, script}, statement.place);
    if (outcome.exit || outcome.asked || runner.stopped() || (!outcome.status.ok() && !go_on))
      return;
  }
}

class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    if (!status_.ok()) return;
    TextPlace place;
    place.line = static_cast<std::uint32_t>(line + 1);
    place.column = static_cast<std::uint32_t>(column + 1);
    status_ = Status(StatusCode::kInvalidArgument,
                     "the script is no ExecuteSqlScriptRequest in protobuf text format: line " +
                         std::to_string(place.line) + ", column " + std::to_string(place.column) +
                         ": " + message,
                     place);
  }
  const Status& status() const { return status_; }

 private:
  Status status_;
};

/// A PROTO_SCRIPT: an ExecuteSqlScriptRequest in protobuf text format, whose `script` is TQL. What
/// it sets of options and context goes before what the request around it sets.
StatusOr<pb::ExecuteSqlScriptRequest> UnwrapProtoScript(const pb::ExecuteSqlScriptRequest& outer) {
  pb::ExecuteSqlScriptRequest inner;
  FirstError errors;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&errors);
  parser.SetRecursionLimit(32);
  if (!parser.ParseFromString(outer.script(), &inner)) return errors.status();
  pb::ExecuteSqlScriptRequest merged = outer;
  merged.clear_script();
  merged.MergeFrom(inner);
  merged.set_script_type(pb::ExecuteSqlScriptRequest::TQL_SCRIPT);
  return merged;
}

}  // namespace

TqlService::TqlService(std::unique_ptr<engine::Engine> engine, SessionStore& sessions,
                       Options options)
    : engine_(std::move(engine)), sessions_(sessions), options_(options) {
  for (const std::string_view token : dialect::StaticTokens()) static_tokens_.emplace_back(token);
}

Status TqlService::Query(const Session& session, const pb::ExecuteQueryRequest& request,
                         ResponseSink& sink, const storage::Cancellation& cancellation) {
  if (Status status = CheckPrivilege(session); !status.ok()) return status;
  const std::string& text = request.query().statement();
  if (dialect::StateOf(text) == dialect::InputState::kBlank) {
    return InvalidArgumentError("the request has no statement: found nothing in query.statement");
  }
  engine::StatementOptions options = ToStatementOptions(request.options());
  for (const pb::InteractiveQueryAnswer& answer : request.query().prompt_responses()) {
    options.answers.push_back({answer.question_id(), answer.answer()});
  }
  Runner runner(*engine_, sink, std::move(options), ToContext(request.context()), cancellation,
                options_.statement_timeout);
  RunAll(runner, text, false, request.options().adv_options().continue_execution_on_error());
  sink.Finish();
  return Status();
}

Status TqlService::RunScript(const Session& session, const pb::ExecuteSqlScriptRequest& request,
                             ResponseSink& sink, const storage::Cancellation& cancellation) {
  if (Status status = CheckPrivilege(session); !status.ok()) return status;
  if (request.script_type() == pb::ExecuteSqlScriptRequest::PROTO_SCRIPT) {
    const StatusOr<pb::ExecuteSqlScriptRequest> unwrapped = UnwrapProtoScript(request);
    if (!unwrapped.ok()) return unwrapped.status();
    return RunScript(session, *unwrapped, sink, cancellation);
  }
  if (dialect::StateOf(request.script()) == dialect::InputState::kBlank) {
    return InvalidArgumentError("the request has no statement: found nothing in script");
  }
  engine::StatementOptions options = ToStatementOptions(request.options());
  options.interactive = false;
  Runner runner(*engine_, sink, std::move(options), ToContext(request.context()), cancellation,
                options_.statement_timeout);
  RunAll(runner, request.script(), true,
         request.options().adv_options().continue_execution_on_error());
  sink.Finish();
  return Status();
}

void TqlService::VisitDynamicTokens(const std::function<bool(std::string_view)>& visit) const {
  engine_->VisitNames(visit);
}

std::int64_t TqlService::SchemaVersion() const { return engine_->SchemaVersion(); }

}  // namespace tql::service

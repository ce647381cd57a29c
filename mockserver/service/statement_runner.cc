#include "mockserver/service/statement_runner.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/postgres/postgres_parser.h"
#include "mockserver/engine/errors.h"
#include "mockserver/service/proto_text.h"
#include "mockserver/service/statement_sink_wrapper.h"

namespace tql::service {
namespace {

using engine::Context;
using engine::StatementSink;

/// How long INSERTs are collected; to store them takes about as long again. No answer is sent
/// before that.
constexpr std::chrono::milliseconds kGroupTime{3};
constexpr std::size_t kGroupStatements = 500;

/// Forwards every call and records the context after the statement.
class ContextKeeper : public StatementSinkWrapper {
 public:
  ContextKeeper(StatementSink& next, Context& context)
      : StatementSinkWrapper(&next), context_(context) {}
  /// The first message of the answer is the statement's text. A table precedes all messages.
  void SetPrologue(std::string_view text) { prologue_ = std::string(text) + ";\n"; }

  bool OnQuestion(const engine::Question& question) override {
    asked_ = true;
    return StatementSinkWrapper::OnQuestion(question);
  }
  bool Begin(const Context& final_context) override {
    context_ = final_context;
    begun_ = true;
    return StatementSinkWrapper::Begin(final_context);
  }
  bool Message(engine::MessageType type, std::string_view text) override {
    return ShowPrologue() && StatementSinkWrapper::Message(type, text);
  }
  void End() override {
    if (begun_) ShowPrologue();
    StatementSinkWrapper::End();
  }
  bool asked() const { return asked_; }

 private:
  bool ShowPrologue() {
    if (prologue_.empty()) return true;
    return StatementSinkWrapper::Message(engine::MessageType::kInfo, std::exchange(prologue_, {}));
  }

  Context& context_;
  std::string prologue_;
  bool begun_ = false;
  bool asked_ = false;
};

/// Whether the statement is an INSERT of literal rows, which reads no table.
bool IsInsertOfValues(const dialect::Statement& statement) {
  const auto* insert = std::get_if<dialect::Insert>(&statement.node);
  return insert != nullptr && !insert->query;
}

bool IsExit(const dialect::Statement& statement) {
  return statement.kind() == dialect::StatementKind::kExit;
}

}  // namespace

StatementRunner::StatementRunner(engine::Engine& engine, const engine::Clock& clock,
                                 std::string text, storage::Cancellation cancellation,
                                 Settings settings)
    : engine_(engine),
      clock_(clock),
      text_(std::move(text)),
      cancellation_(std::move(cancellation)),
      settings_(std::move(settings)),
      splitter_(text_, dialect::RulesFor(settings_.options.use_postgres_sql_parser)),
      ahead_(splitter_.Next()),
      context_(settings_.context),
      next_progress_(clock.MachineNow() + settings_.progress_pause) {
  blank_.last = true;
  blank_.script = settings_.script;
}

std::optional<StatementRunner::Statement> StatementRunner::Next() {
  if (!ahead_) return std::nullopt;
  Statement statement{{.index = index_++, .text = ahead_->text}, ahead_->place, ahead_->preamble};
  ahead_ = splitter_.Next();
  statement.info.last = !ahead_;
  statement.info.script = settings_.script;
  return statement;
}

Status StatementRunner::Admit() {
  first_ = Next();
  if (!first_) return Status();
  first_parsed_ = Parse(*first_);
  if (!first_parsed_->statement.ok()) return Status();
  first_parsed_->begun = engine_.BeginSelect(
      RequestOf(*first_, *first_parsed_, context_, first_parsed_->cancellation));
  const auto& begun = first_parsed_->begun;
  const bool full = begun && begun->status().code() == StatusCode::kResourceExhausted;
  return full ? begun->status() : Status();
}

Status StatementRunner::Run(ResponseSink& sink) {
  sink_ = &sink;
  if (!first_) {
    AnswerBlank();
    return Status();
  }
  bool go_on = Run(*first_, *std::exchange(first_parsed_, std::nullopt));
  std::optional<Statement> statement;
  while (go_on && (statement = Next())) go_on = Run(*statement, Parse(*statement));
  if (go_on) RunInserts();
  return first_error_;
}

ResponseSink::PendingStatement StatementRunner::Pending(const Statement& statement,
                                                        const Parsed& parsed) const {
  return {.info = statement.info,
          .statement = parsed.statement.ok() ? &*parsed.statement : nullptr,
          .context = context_};
}

ResponseSink::PendingStatement StatementRunner::First() const {
  if (!first_) return {.info = blank_, .context = context_};
  return Pending(*first_, *first_parsed_);
}

void StatementRunner::AnswerBlank() {
  const ResponseSink::PendingStatement pending = First();
  if (sink_->Answers(pending)) {
    first_error_ = sink_->Answer(pending).status;
  } else {
    engine_.AnswerBlank(context_, sink_->BeginStatement(blank_));
  }
}

StatementRunner::Parsed StatementRunner::Parse(const Statement& statement) const {
  dialect::ParseOptions options;
  options.origin = statement.place;
  return {.statement = settings_.options.use_postgres_sql_parser
                           ? dialect::ParsePostgresStatement(statement.info.text, options)
                           : dialect::ParseStatement(statement.info.text, options),
          .cancellation = Limited()};
}

bool StatementRunner::Run(const Statement& statement, Parsed parsed) {
  if (const auto pending = Pending(statement, parsed); sink_->Answers(pending)) {
    return RunInserts() && Answer(pending, statement);
  }
  if (!settings_.script || !parsed.statement.ok() || !IsInsertOfValues(*parsed.statement)) {
    return RunInserts() && RunAlone(statement, std::move(parsed));
  }
  if (inserts_.empty()) inserts_since_ = clock_.MachineNow();
  inserts_.push_back({statement, std::move(parsed)});
  const bool full =
      inserts_.size() >= kGroupStatements || clock_.MachineNow() - inserts_since_ >= kGroupTime;
  return !full || RunInserts();
}

bool StatementRunner::RunInserts() {
  if (inserts_.empty()) return true;
  std::vector<Insert> inserts = std::exchange(inserts_, {});
  const Context before = context_;
  const storage::Cancellation cancellation = Limited();
  std::vector<engine::Engine::Request> requests;
  requests.reserve(inserts.size());
  for (const auto& [statement, parsed] : inserts) {
    requests.push_back(RequestOf(statement, parsed, before, cancellation));
  }
  const StatusOr<std::vector<Status>> outcomes = engine_.InsertTogether(requests, settings_.go_on);
  if (!outcomes.ok()) {
    // Nothing is stored, so that each can run again with an outcome of its own.
    return std::ranges::all_of(inserts, [this](Insert& insert) {
      insert.parsed.cancellation = Limited();
      return RunAlone(insert.statement, std::move(insert.parsed));
    });
  }
  for (std::size_t i = 0; i < outcomes->size(); ++i) {
    const Statement& statement = inserts[i].statement;
    ResponseSink::StatementInfo info = statement.info;
    info.may_wait = i == 0;
    ContextKeeper keeper(sink_->BeginStatement(info), context_);
    TellProgress(statement, keeper);
    keeper.SetPrologue(info.text);
    engine_.WriteOutcome(requests[i], (*outcomes)[i], keeper);
    if (!MayFollow(statement, (*outcomes)[i])) return false;
  }
  return true;
}

bool StatementRunner::Answer(const ResponseSink::PendingStatement& pending,
                             const Statement& statement) {
  const bool exit = pending.statement != nullptr && IsExit(*pending.statement);
  const ResponseSink::Answered answered = sink_->Answer(pending);
  return MayFollow(statement, answered.status) && !answered.last && !exit;
}

bool StatementRunner::RunAlone(const Statement& statement, Parsed parsed) {
  const bool exit = parsed.statement.ok() && IsExit(*parsed.statement);
  ResponseSink::StatementInfo info = statement.info;
  info.last = info.last || exit;
  info.deadline = parsed.cancellation.deadline;
  ContextKeeper keeper(sink_->BeginStatement(info), context_);
  TellProgress(statement, keeper);
  if (info.script) keeper.SetPrologue(info.text);
  const Status status = parsed.statement.ok()
                            ? Execute(statement, parsed, keeper)
                            : engine_.Reject(parsed.statement.status(), Context(context_), keeper);
  return !exit && !keeper.asked() && MayFollow(statement, status);
}

engine::Engine::Request StatementRunner::RequestOf(
    const Statement& statement, const Parsed& parsed, const Context& context,
    const storage::Cancellation& cancellation) const {
  return {.text = statement.info.text,
          .statement = *parsed.statement,
          .context = context,
          .options = settings_.options,
          .cancellation = cancellation,
          .preamble = statement.preamble,
          .origin = statement.place};
}

Status StatementRunner::Execute(const Statement& statement, Parsed& parsed,
                                StatementSink& sink) const {
  const Context before = context_;
  const bool script = parsed.statement->kind() == dialect::StatementKind::kScript;
  ProtoTextSink proto(sink, script ? ProtoTextSink::Form::kScript : ProtoTextSink::Form::kTable);
  engine::Engine::Request request = RequestOf(statement, parsed, before, parsed.cancellation);
  request.begun = parsed.begun ? &*parsed.begun : nullptr;
  return engine_.Execute(request, settings_.options.format_output ? sink : proto);
}

storage::Cancellation StatementRunner::Limited() const {
  storage::Cancellation limited = cancellation_;
  if (settings_.statement_timeout.count() > 0) {
    limited.deadline =
        std::min(limited.deadline, clock_.MachineNow() + settings_.statement_timeout);
  }
  return limited;
}

void StatementRunner::TellProgress(const Statement& statement, StatementSink& sink) {
  if (!settings_.script || clock_.MachineNow() < next_progress_) return;
  const engine::Progress stage = engine::errors::ScriptProgress(
      statement.place.offset, text_.size(), statement.info.index + 1);
  (void)sink.OnProgress({&stage, 1});  // the Cancellation detects a disconnected client
  next_progress_ = clock_.MachineNow() + settings_.progress_pause;
}

bool StatementRunner::MayFollow(const Statement& statement, const Status& status) {
  if (!status.ok() && first_error_.ok()) {
    const TextPlace* const place = status.place();
    first_error_ = Status(status.code(), status.message(), place ? *place : statement.place);
  }
  return cancellation_.Check().ok() && (status.ok() || settings_.go_on);
}

}  // namespace tql::service

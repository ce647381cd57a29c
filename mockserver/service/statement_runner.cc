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
  void SetPrologue(std::string_view text) {
    constexpr std::string_view kEnd = ";\n";
    prologue_.reserve(text.size() + kEnd.size());
    prologue_.append(text).append(kEnd);
  }

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
  Prepared& prepared = first_prepared_.emplace(Prepare(*first_));
  Begin(*first_, prepared, context_);
  const auto& begun = prepared.begun;
  const bool full = begun && begun->status().code() == StatusCode::kResourceExhausted;
  return full ? begun->status() : Status();
}

Status StatementRunner::Run(ResponseSink& sink) {
  sink_ = &sink;
  if (!first_) {
    AnswerBlank();
    return Status();
  }
  bool go_on = Run(*first_, *std::exchange(first_prepared_, std::nullopt));
  std::optional<Statement> statement;
  while (go_on && (statement = Next())) go_on = Run(*statement, Prepare(*statement));
  if (go_on) RunInserts();
  return first_error_;
}

ResponseSink::PendingStatement StatementRunner::Pending(const Statement& statement,
                                                        const Prepared& prepared) const {
  const dialect::Statement* pattern = prepared.statement();
  if (prepared.head) pattern = &prepared.head->statement();
  if (prepared.plan) pattern = &prepared.plan->plan->statement();
  return {.info = statement.info,
          .statement = prepared.statement(),
          .context = context_,
          .pattern = pattern};
}

ResponseSink::PendingStatement StatementRunner::First() const {
  if (!first_) return {.info = blank_, .context = context_, .pattern = nullptr};
  return Pending(*first_, *first_prepared_);
}

void StatementRunner::AnswerBlank() {
  const ResponseSink::PendingStatement pending = First();
  if (sink_->Answers(pending)) {
    first_error_ = sink_->Answer(pending).status;
  } else {
    engine_.AnswerBlank(context_, sink_->BeginStatement(blank_));
  }
}

StatementRunner::Prepared StatementRunner::Prepare(const Statement& statement) {
  Prepared prepared{.parsed = std::nullopt, .cancellation = Limited()};
  if (ReadByHead(statement, prepared)) return prepared;
  if (settings_.was_cut) {  // neither a kept result nor a compiled query tells that
    prepared.parsed = Parse(statement);
    KeepHead(statement, prepared);
    return prepared;
  }
  prepared.kept = engine_.FindResult({statement.info.text, context_, settings_.options});
  if (prepared.kept) return prepared;
  prepared.plan = engine_.FindPlan({statement.info.text, context_, settings_.options});
  if (prepared.plan) return prepared;
  prepared.parsed = Parse(statement);
  KeepHead(statement, prepared);
  return prepared;
}

bool StatementRunner::ReadByHead(const Statement& statement, Prepared& prepared) const {
  if (!head_) return false;
  std::optional<dialect::ValueRows> rows = head_->RowsOf(statement.info.text);
  if (!rows) return false;
  prepared.head = head_;
  prepared.rows = *std::move(rows);
  return true;
}

void StatementRunner::KeepHead(const Statement& statement, const Prepared& prepared) {
  const engine::StatementOptions& options = settings_.options;
  if (!settings_.script || !options.use_jit || options.use_postgres_sql_parser) return;
  const dialect::Statement* const parsed = prepared.statement();
  const auto* const insert = parsed != nullptr ? parsed->as<dialect::Insert>() : nullptr;
  if (insert == nullptr) return;
  std::optional<dialect::InsertHead> head = dialect::InsertHead::Of(statement.info.text, *insert);
  head_ = head ? std::make_shared<const dialect::InsertHead>(*std::move(head)) : nullptr;
}

void StatementRunner::Begin(const Statement& statement, Prepared& prepared,
                            const Context& context) const {
  if (prepared.kept || prepared.begun) return;
  if (prepared.plan) {
    const auto request = RequestOf(statement, prepared, context, prepared.cancellation);
    prepared.begun = engine_.BeginPlanned(request, *prepared.plan);
    if (prepared.begun->status().code() != StatusCode::kAborted) return;
    prepared.plan.reset();
    prepared.begun.reset();
    prepared.parsed = Parse(statement);
  }
  if (prepared.statement() == nullptr) return;
  prepared.begun =
      engine_.BeginSelect(RequestOf(statement, prepared, context, prepared.cancellation));
}

StatusOr<dialect::Statement> StatementRunner::Parse(const Statement& statement) const {
  dialect::ParseOptions options;
  options.origin = statement.place;
  return settings_.options.use_postgres_sql_parser
             ? dialect::ParsePostgresStatement(statement.info.text, options)
             : dialect::ParseStatement(statement.info.text, options);
}

bool StatementRunner::Run(const Statement& statement, Prepared prepared) {
  if (const auto pending = Pending(statement, prepared); sink_->Answers(pending)) {
    return RunInserts() && Answer(pending, statement);
  }
  const dialect::Statement* const parsed = prepared.statement();
  const bool insert = prepared.head || (parsed != nullptr && IsInsertOfValues(*parsed));
  if (!settings_.script || !insert) {
    // INSERTs before a SELECT may change its result.
    const bool late = prepared.kept && !inserts_.empty();
    if (!RunInserts()) return false;
    return RunAlone(statement, late ? Prepare(statement) : std::move(prepared));
  }
  if (inserts_.empty()) inserts_since_ = clock_.MachineNow();
  inserts_.push_back({statement, std::move(prepared)});
  const bool full =
      inserts_.size() >= kGroupStatements || clock_.MachineNow() - inserts_since_ >= kGroupTime;
  return !full || RunInserts();
}

bool StatementRunner::RunInserts() {
  if (inserts_.empty()) return true;
  const bool go_on = RunCollected();
  inserts_.clear();  // keeps its memory
  return go_on;
}

bool StatementRunner::RunCollected() {
  const Context before = context_;
  const storage::Cancellation cancellation = Limited();
  std::vector<engine::Engine::Request> requests;
  requests.reserve(inserts_.size());
  for (const auto& [statement, prepared] : inserts_) {
    requests.push_back(RequestOf(statement, prepared, before, cancellation));
  }
  const StatusOr<std::vector<Status>> outcomes = engine_.InsertTogether(requests, settings_.go_on);
  if (!outcomes.ok()) {
    // Nothing is stored, so that each can run again with an outcome of its own.
    return std::ranges::all_of(inserts_, [this](Insert& insert) {
      insert.prepared.cancellation = Limited();
      return RunAlone(insert.statement, std::move(insert.prepared));
    });
  }
  for (std::size_t i = 0; i < outcomes->size(); ++i) {
    const Statement& statement = inserts_[i].statement;
    ResponseSink::StatementInfo info = statement.info;
    info.may_wait = i == 0;
    ContextKeeper keeper(sink_->BeginStatement(info), context_);
    if (i == 0) TellProgress(statement, keeper);
    keeper.SetPrologue(info.text);
    engine_.WriteOutcome(requests[i], (*outcomes)[i], keeper);
    if (!MayFollow(statement, (*outcomes)[i])) return false;
  }
  return true;
}

bool StatementRunner::Answer(const ResponseSink::PendingStatement& pending,
                             const Statement& statement) {
  const bool exit = pending.statement != nullptr && IsExit(*pending.statement);
  ResponseSink::Answered answered = sink_->Answer(pending);
  if (answered.context) context_ = *std::move(answered.context);
  return MayFollow(statement, answered.status) && !answered.last && !exit;
}

bool StatementRunner::RunAlone(const Statement& statement, Prepared prepared) {
  const dialect::Statement* const parsed = prepared.statement();
  const bool exit = parsed != nullptr && IsExit(*parsed);
  ResponseSink::StatementInfo info = statement.info;
  info.last = info.last || exit;
  info.deadline = prepared.cancellation.deadline;
  info.from_cache = prepared.kept != nullptr;
  ContextKeeper keeper(sink_->BeginStatement(info), context_);
  TellProgress(statement, keeper);
  if (info.script) keeper.SetPrologue(info.text);
  const Status status = Execute(statement, prepared, keeper);
  return !exit && !keeper.asked() && MayFollow(statement, status);
}

engine::Engine::Request StatementRunner::RequestOf(
    const Statement& statement, const Prepared& prepared, const Context& context,
    const storage::Cancellation& cancellation) const {
  return {.text = statement.info.text,
          .statement = prepared.plan   ? prepared.plan->plan->statement()
                       : prepared.head ? prepared.head->statement()
                                       : *prepared.statement(),
          .context = context,
          .options = settings_.options,
          .cancellation = cancellation,
          .preamble = statement.preamble,
          .origin = statement.place,
          .begun = nullptr,
          .rows = prepared.head ? &prepared.rows : nullptr,
          .was_cut = settings_.was_cut.get()};
}

Status StatementRunner::Execute(const Statement& statement, Prepared& prepared,
                                StatementSink& sink) const {
  const Context before = context_;
  Begin(statement, prepared, before);
  if (prepared.parsed && !prepared.parsed->ok()) {
    return engine_.Reject(prepared.parsed->status(), before, sink);
  }
  const dialect::Statement* const parsed = prepared.statement();
  const bool script = parsed != nullptr && parsed->kind() == dialect::StatementKind::kScript;
  ProtoTextSink proto(sink, script ? ProtoTextSink::Form::kScript : ProtoTextSink::Form::kTable);
  StatementSink& formatted = settings_.options.format_output ? sink : proto;
  if (prepared.kept) return engine::Engine::Repeat(*prepared.kept, formatted);
  engine::Engine::Request request = RequestOf(statement, prepared, before, prepared.cancellation);
  request.begun = prepared.begun ? &*prepared.begun : nullptr;
  return engine_.Execute(request, formatted);
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

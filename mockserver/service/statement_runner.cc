#include "mockserver/service/statement_runner.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mockserver/dialect/parser.h"
#include "mockserver/dialect/postgres/postgres_parser.h"
#include "mockserver/dialect/splitter.h"
#include "mockserver/engine/errors.h"
#include "mockserver/service/proto_text.h"

namespace tql::service {
namespace {

using engine::Context;
using engine::StatementSink;

/// How long a group may grow. Until it is stored no answer is sent and no other session can write.
constexpr std::chrono::milliseconds kGroupTime{5};
constexpr std::size_t kGroupStatements = 2'000;

/// Passes everything on, and remembers the context after the statement.
class ContextKeeper : public StatementSink {
 public:
  ContextKeeper(StatementSink& next, Context& context) : next_(next), context_(context) {}
  /// The first message of the answer is to be the statement's text. A table comes before all
  /// messages, whatever their order.
  void SetPrologue(std::string_view text) { prologue_ = std::string(text) + ";\n"; }

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
  bool begun() const { return begun_; }

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

/// INSERTs of rows that are written out: they read nothing.
bool IsInsertOfValues(const dialect::Statement& statement) {
  const auto* insert = std::get_if<dialect::Insert>(&statement.node);
  return insert != nullptr && !insert->query;
}

bool IsExit(const dialect::Statement& statement) {
  return statement.kind() == dialect::StatementKind::kExit;
}

/// The answer to a statement without rows, kept to be passed on later.
class KeptAnswer : public StatementSink {
 public:
  void PassOn(StatementSink& to) const {
    to.Begin(context_);
    for (const auto& [type, text] : messages_) to.Message(type, text);
    to.End();
  }

  bool OnProgress(std::span<const engine::Progress> /*stages*/) override { return true; }
  bool OnQuestion(const engine::Question& /*question*/) override { return true; }
  bool Begin(const Context& context) override {
    context_ = context;
    return true;
  }
  bool Header(std::span<const engine::Column> /*columns*/) override { return true; }
  bool Row(std::span<const std::string_view> /*cells*/) override { return true; }
  bool Message(engine::MessageType type, std::string_view text) override {
    messages_.emplace_back(type, text);
    return true;
  }
  void End() override {}

 private:
  Context context_;
  std::vector<std::pair<engine::MessageType, std::string>> messages_;
};

}  // namespace

class StatementRunner::Group {
 public:
  bool full() const {
    return statements.size() >= kGroupStatements ||
           std::chrono::steady_clock::now() - begun >= kGroupTime;
  }
  KeptAnswer& Add(const Statement& statement) {
    if (statements.empty()) begun = std::chrono::steady_clock::now();
    statements.push_back(statement);
    return answers.emplace_back();
  }
  std::vector<Statement> TakeStatements() {
    answers.clear();
    return std::exchange(statements, {});
  }

  engine::InsertGroup inserts;
  std::vector<Statement> statements;
  std::vector<KeptAnswer> answers;  // one a statement
  std::chrono::steady_clock::time_point begun;
};

StatementRunner::StatementRunner(engine::Engine& engine, ResponseSink& sink,
                                 const storage::Cancellation& cancellation, Settings settings)
    : engine_(engine),
      sink_(sink),
      cancellation_(cancellation),
      settings_(std::move(settings)),
      context_(settings_.context) {}

Status StatementRunner::RunAll(std::string_view text) {
  Group group;
  script_bytes_ = text.size();
  next_progress_ = std::chrono::steady_clock::now() + settings_.progress_pause;
  dialect::ScriptSplitter splitter(text,
                                   dialect::RulesFor(settings_.options.use_postgres_sql_parser));
  std::optional<dialect::ScriptStatement> next = splitter.Next();
  if (!next) AnswerBlank();
  for (std::size_t index = 0; next; ++index) {
    Statement statement{{.index = index, .text = next->text}, next->place, next->preamble};
    next = splitter.Next();
    statement.info.last = !next;
    statement.info.script = settings_.script;
    if (!Run(statement, group)) return refusal_;
  }
  Store(group);
  return Status();
}

void StatementRunner::AnswerBlank() {
  ResponseSink::StatementInfo info;
  info.last = true;
  info.script = settings_.script;
  engine_.AnswerBlank(context_, sink_.BeginStatement(info));
}

StatusOr<dialect::Statement> StatementRunner::Parse(const Statement& statement) const {
  dialect::ParseOptions options;
  options.origin = statement.place;
  return settings_.options.use_postgres_sql_parser
             ? dialect::ParsePostgresStatement(statement.info.text, options)
             : dialect::ParseStatement(statement.info.text, options);
}

bool StatementRunner::Run(const Statement& statement, Group& group) {
  const StatusOr<dialect::Statement> parsed = Parse(statement);
  if (!settings_.script || !parsed.ok() || !IsInsertOfValues(*parsed)) {
    return Store(group) && RunAlone(statement, parsed);
  }
  const Status status =
      Execute(statement, *parsed, Limited(), &group.inserts, group.Add(statement));
  if (!MayFollow(status)) {
    Store(group);
    return false;
  }
  return !group.full() || Store(group);
}

bool StatementRunner::RunAlone(const Statement& statement,
                               const StatusOr<dialect::Statement>& parsed) {
  const bool exit = parsed.ok() && IsExit(*parsed);
  ResponseSink::StatementInfo info = statement.info;
  info.last = info.last || exit;
  const storage::Cancellation limited = Limited();
  info.deadline = limited.deadline;
  ContextKeeper keeper(sink_.BeginStatement(info), context_);
  TellProgress(statement, keeper);
  if (info.script) keeper.SetPrologue(info.text);
  const Status status = parsed.ok() ? Execute(statement, *parsed, limited, nullptr, keeper)
                                    : engine_.Reject(parsed.status(), Context(context_), keeper);
  if (!status.ok() && !keeper.begun()) {
    refusal_ = status;
    return false;
  }
  return !exit && !keeper.asked() && MayFollow(status);
}

Status StatementRunner::Execute(const Statement& statement, const dialect::Statement& parsed,
                                const storage::Cancellation& cancellation,
                                engine::InsertGroup* group, StatementSink& sink) const {
  const Context before = context_;
  const bool script = parsed.kind() == dialect::StatementKind::kScript;
  ProtoTextSink proto(sink, script ? ProtoTextSink::Form::kScript : ProtoTextSink::Form::kTable);
  return engine_.Execute({.text = statement.info.text,
                          .statement = parsed,
                          .context = before,
                          .options = settings_.options,
                          .cancellation = cancellation,
                          .group = group,
                          .preamble = statement.preamble,
                          .origin = statement.place,
                          .may_refuse = statement.info.index == 0},
                         settings_.options.format_output ? sink : proto);
}

storage::Cancellation StatementRunner::Limited() const {
  storage::Cancellation limited = cancellation_;
  if (settings_.statement_timeout.count() > 0) {
    limited.deadline =
        std::min(limited.deadline, std::chrono::steady_clock::now() + settings_.statement_timeout);
  }
  return limited;
}

bool StatementRunner::Store(Group& group) {
  if (group.statements.empty()) return true;
  if (!group.inserts.Commit().ok()) {
    // Nothing of it is stored, so that each can run again and get an answer of its own.
    for (const Statement& statement : group.TakeStatements()) {
      if (!RunAlone(statement, Parse(statement))) return false;
    }
    return true;
  }
  for (std::size_t i = 0; i < group.statements.size(); ++i) {
    ResponseSink::StatementInfo& info = group.statements[i].info;
    info.may_wait = i == 0;
    ContextKeeper keeper(sink_.BeginStatement(info), context_);
    TellProgress(group.statements[i], keeper);
    keeper.SetPrologue(info.text);
    group.answers[i].PassOn(keeper);
  }
  group.TakeStatements();
  return true;
}

void StatementRunner::TellProgress(const Statement& statement, StatementSink& sink) {
  if (!settings_.script || std::chrono::steady_clock::now() < next_progress_) return;
  const engine::Progress stage = engine::errors::ScriptProgress(
      statement.place.offset, script_bytes_, statement.info.index + 1);
  (void)sink.OnProgress({&stage, 1});  // who is gone is found out by the Cancellation
  next_progress_ = std::chrono::steady_clock::now() + settings_.progress_pause;
}

bool StatementRunner::MayFollow(const Status& status) const {
  return cancellation_.Check().ok() && (status.ok() || settings_.go_on);
}

}  // namespace tql::service

// Runs the statements of a query, a script, or an init script.
#ifndef TQLKIT_MOCKSERVER_SERVICE_STATEMENT_RUNNER_H_
#define TQLKIT_MOCKSERVER_SERVICE_STATEMENT_RUNNER_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/dialect/insert_head.h"
#include "mockserver/dialect/splitter.h"
#include "mockserver/engine/engine.h"
#include "mockserver/service/response_sink.h"

namespace tql::service {

/// Runs statements one after the other, each in the context that the previous one left. Each is
/// atomic and is stored before its answer is written.
///
/// INSERTs of literal rows that follow each other in a script are collected for some milliseconds
/// and share a transaction, because a transaction costs more than a row. If it fails, each of them
/// runs again alone. Lives for one request; belongs to one thread.
class StatementRunner {
 public:
  struct Settings {
    engine::StatementOptions options;
    engine::Context context;
    bool script = false;                             // each answer begins with the statement's text
    bool go_on = true;                               // whether to continue after an error
    std::chrono::milliseconds statement_timeout{0};  // zero: none
    std::chrono::milliseconds progress_pause{1000};  // between two lines of a script's progress
    std::shared_ptr<bool> was_cut = nullptr;         // as in CallContext
  };
  /// `engine` and `clock` outlive the runner. `text` is that of the query or script.
  StatementRunner(engine::Engine& engine, const engine::Clock& clock, std::string text,
                  storage::Cancellation cancellation, Settings settings);
  StatementRunner(const StatementRunner&) = delete;
  StatementRunner& operator=(const StatementRunner&) = delete;

  /// Called first. Begins the first statement if it is a SELECT. RESOURCE_EXHAUSTED if no cursor is
  /// left for it; nothing was changed, so the client may retry.
  Status Admit();
  /// Returns the first statement, between Admit and Run; its text is empty if none exists.
  ResponseSink::PendingStatement First() const;
  /// Runs the statements up to the end, `exit;`, a question, or an error that ends the script. A
  /// text without a statement succeeds with one answer. Returns the first error of a statement,
  /// with its place in the text.
  Status Run(ResponseSink& sink);

 private:
  struct Statement {
    ResponseSink::StatementInfo info;
    TextPlace place;
    std::string_view preamble;  // blanks and comments before it
  };
  /// A statement that is ready to run: it was parsed, has a plan or the head of an earlier INSERT,
  /// or its result is kept. It may have begun.
  struct Prepared {
    std::optional<StatusOr<dialect::Statement>> parsed;
    storage::Cancellation cancellation;  // what stops it
    std::optional<StatusOr<engine::BegunSelect>> begun = {};
    std::shared_ptr<const engine::SelectResult> kept = nullptr;
    std::optional<engine::Engine::FoundPlan> plan = {};
    std::shared_ptr<const dialect::InsertHead> head = nullptr;  // of an INSERT with these rows
    dialect::ValueRows rows = {};

    /// Null without a parsed statement.
    const dialect::Statement* statement() const {
      return parsed && parsed->ok() ? &**parsed : nullptr;
    }
  };
  struct Insert {
    Statement statement;
    Prepared prepared;
  };

  std::optional<Statement> Next();
  void AnswerBlank();
  ResponseSink::PendingStatement Pending(const Statement& statement,
                                         const Prepared& prepared) const;
  Prepared Prepare(const Statement& statement);
  /// Reads an INSERT of a script by the head of an earlier one; false if it must be parsed.
  bool ReadByHead(const Statement& statement, Prepared& prepared) const;
  /// Keeps the head of an INSERT of a script that was parsed.
  void KeepHead(const Statement& statement, const Prepared& prepared);
  StatusOr<dialect::Statement> Parse(const Statement& statement) const;
  /// Begins a SELECT, unless it has begun. Has no effect on other statements.
  void Begin(const Statement& statement, Prepared& prepared, const engine::Context& context) const;
  // Each returns whether another statement may follow.
  bool Run(const Statement& statement, Prepared prepared);
  bool RunAlone(const Statement& statement, Prepared prepared);
  /// Lets the sink answer a statement.
  bool Answer(const ResponseSink::PendingStatement& pending, const Statement& statement);
  /// Runs the collected INSERTs and writes their results.
  bool RunInserts();
  bool RunCollected();
  /// The request to the engine; borrows all arguments.
  engine::Engine::Request RequestOf(const Statement& statement, const Prepared& prepared,
                                    const engine::Context& context,
                                    const storage::Cancellation& cancellation) const;
  Status Execute(const Statement& statement, Prepared& prepared, engine::StatementSink& sink) const;
  /// Returns the cancellation of a statement that begins now.
  storage::Cancellation Limited() const;
  bool MayFollow(const Statement& statement, const Status& status);
  /// Writes the progress of a script before the answer of a statement, at most once per
  /// progress_pause.
  void TellProgress(const Statement& statement, engine::StatementSink& sink);

  engine::Engine& engine_;
  const engine::Clock& clock_;
  const std::string text_;
  const storage::Cancellation cancellation_;
  const Settings settings_;
  dialect::ScriptSplitter splitter_;
  std::optional<dialect::ScriptStatement> ahead_;  // what Next() returns next
  std::size_t index_ = 0;                          // and its number
  ResponseSink::StatementInfo blank_;              // of a text without a statement
  std::optional<Statement> first_;
  std::optional<Prepared> first_prepared_;
  std::shared_ptr<const dialect::InsertHead> head_;  // of the last INSERT that was parsed
  std::vector<Insert> inserts_;                      // collected and not run yet
  engine::MachineClock::time_point inserts_since_;
  engine::Context context_;
  Status first_error_;
  ResponseSink* sink_ = nullptr;  // of Run
  engine::MachineClock::time_point next_progress_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_STATEMENT_RUNNER_H_

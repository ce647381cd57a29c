// Runs the statements of a query or a script.
#ifndef TQLKIT_MOCKSERVER_SERVICE_STATEMENT_RUNNER_H_
#define TQLKIT_MOCKSERVER_SERVICE_STATEMENT_RUNNER_H_

#include <chrono>
#include <cstddef>
#include <string_view>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/engine.h"
#include "mockserver/service/response_sink.h"

namespace tql::service {

/// Runs statements one after the other, each in the context that the one before left. Each is
/// atomic, and stored before its answer is written.
///
/// The INSERTs that follow each other in a script share a transaction for some milliseconds: one
/// for each would cost more than its row. Should the transaction fail, each of them runs again with
/// one of its own. Lives for one request; belongs to one thread.
class StatementRunner {
 public:
  struct Settings {
    engine::StatementOptions options;
    engine::Context context;
    bool script = false;                             // each answer begins with its statement's text
    bool go_on = true;                               // after a statement that failed
    std::chrono::milliseconds statement_timeout{0};  // zero: none
    std::chrono::milliseconds progress_pause{1000};  // between two lines of a script's progress
  };
  StatementRunner(engine::Engine& engine, ResponseSink& sink,
                  const storage::Cancellation& cancellation, Settings settings);

  /// Until the end, a statement that ends the script, a question, or an error that stops it.
  /// RESOURCE_EXHAUSTED when the first statement is a SELECT for which there is no room: nothing
  /// was done and nothing answered, so that the request may come again. A text without a statement
  /// succeeds, with one answer.
  Status RunAll(std::string_view text);

 private:
  struct Statement {
    ResponseSink::StatementInfo info;
    TextPlace place;
    std::string_view preamble;  // blanks and comments before it
  };
  /// INSERTs and their answers, which are kept back until the rows are stored.
  class Group;

  void AnswerBlank();
  StatusOr<dialect::Statement> Parse(const Statement& statement) const;
  // Each answers whether another statement may follow.
  bool Run(const Statement& statement, Group& group);
  bool RunAlone(const Statement& statement, const StatusOr<dialect::Statement>& parsed);
  bool Store(Group& group);
  Status Execute(const Statement& statement, const dialect::Statement& parsed,
                 const storage::Cancellation& cancellation, engine::InsertGroup* group,
                 engine::StatementSink& sink) const;
  /// What stops a statement that begins now.
  storage::Cancellation Limited() const;
  bool MayFollow(const Status& status) const;
  /// Before the answer of a statement: how far a script is, now and then.
  void TellProgress(const Statement& statement, engine::StatementSink& sink);

  engine::Engine& engine_;
  ResponseSink& sink_;
  const storage::Cancellation& cancellation_;
  const Settings settings_;
  engine::Context context_;
  Status refusal_;
  std::size_t script_bytes_ = 0;
  std::chrono::steady_clock::time_point next_progress_;
};

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_STATEMENT_RUNNER_H_

// The engine gives statements their meaning: it owns the catalog, binds names and types, and
// executes each statement on a storage.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ENGINE_H_
#define TQLKIT_MOCKSERVER_ENGINE_ENGINE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/environment.h"
#include "mockserver/engine/statement_options.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/storage/cancellation.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

class Catalog;
class TableActivity;
struct StatementContext;

/// A SELECT that has begun: it is bound, and either opened up to its first row or counted.
struct BegunSelect {
  plan::Query query;
  std::unique_ptr<storage::Cursor> cursor;  // Null if only the number of rows was requested.
  std::int64_t count = 0;
};

/// Thread-safe.
class Engine {
 public:
  /// Loads the catalog, and creates the built-in databases in an empty storage. Borrows the guids
  /// and the clock.
  static StatusOr<std::unique_ptr<Engine>> Create(std::unique_ptr<storage::Storage> storage,
                                                  GuidSource& guids,
                                                  const Clock& clock = SystemClock());
  ~Engine();
  /// Returns an independent engine over a fork of the storage, with the current catalog, rows and
  /// data versions. Errors and cost are those of Storage::Fork(). Borrows the guids and the clock.
  StatusOr<std::unique_ptr<Engine>> Fork(const storage::Cancellation& cancellation,
                                         GuidSource& guids, const Clock& clock) const;

  struct Request {
    /// The text that the source ranges of the statement refer to.
    std::string_view text;
    const dialect::Statement& statement;
    const Context& context;
    const StatementOptions& options;
    const storage::Cancellation& cancellation;
    /// The whitespace and comments before the statement in its script.
    std::string_view preamble = {};
    /// The place of the text in its script. Errors and warnings have places in the script.
    TextPlace origin = {};
    /// The result of BeginSelect() for this statement, which Execute() moves from; null: Execute()
    /// begins the SELECT itself.
    StatusOr<BegunSelect>* begun = nullptr;
  };
  /// Begins a SELECT that returns rows, so that the caller knows before it writes anything whether
  /// the storage has capacity for it: RESOURCE_EXHAUSTED if not. The caller passes the result to
  /// Execute(), also if it is another error. Returns nullopt for all other statements.
  std::optional<StatusOr<BegunSelect>> BeginSelect(const Request& request);
  /// Executes one statement and writes its whole result into the sink: the output, then the success
  /// message or one ERROR message. Returns OK if the statement succeeded or asked a question,
  /// otherwise the error of that message.
  Status Execute(const Request& request, StatementSink& sink);

  /// Runs INSERTs of literal rows in one transaction, each of them atomic, and writes nothing. The
  /// first Cancellation is that of all. Returns the outcome of each, in order; without `go_on`, of
  /// those up to the first error. They are UNKNOWN if the storage was lost while it stored the
  /// rows. If it returns an error, nothing is stored: some INSERTs may succeed alone.
  StatusOr<std::vector<Status>> InsertTogether(std::span<const Request> requests, bool go_on);
  /// Writes the result of a statement without output: the success message, or one ERROR message.
  void WriteOutcome(const Request& request, const Status& outcome, StatementSink& sink);

  /// Writes the result of a text that cannot be parsed: the error, which is also returned.
  Status Reject(const Status& parse_error, const Context& context, StatementSink& sink);

  /// Writes the result of a text without a statement: the success message.
  void AnswerBlank(const Context& context, StatementSink& sink);

  /// The current schema version, which every change of definitions increments.
  std::int64_t SchemaVersion() const;
  /// As Storage::ReleaseIdle().
  bool ReleaseIdle() { return storage_->ReleaseIdle(); }
  /// The names of all databases, schemas, tables and columns, sorted and without duplicates.
  std::size_t TableCount() const;
  std::vector<std::string> Names() const;

 private:
  Engine(std::unique_ptr<storage::Storage> storage, GuidSource& guids,
         std::unique_ptr<Catalog> catalog, std::unique_ptr<TableActivity> activity);

  std::unique_ptr<storage::Storage> storage_;
  GuidSource& guids_;
  std::unique_ptr<Catalog> catalog_;
  std::unique_ptr<TableActivity> activity_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ENGINE_H_

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
#include "mockserver/engine/select_result.h"
#include "mockserver/engine/statement_options.h"
#include "mockserver/engine/statement_plans.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/storage/cancellation.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

class Catalog;
class ResultsCache;
class ScanThreads;
class TableActivity;
struct LoadRequest;
struct TableName;
struct StatementContext;

/// A SELECT that has begun: it is bound, and either opened up to its first row or counted.
struct BegunSelect {
  std::shared_ptr<const std::vector<Column>> columns;
  std::unique_ptr<storage::Cursor> cursor;  // Null if only the number of rows was requested.
  std::int64_t count = 0;
  /// The number of rows of the result, if the cursor may have one more. If it has, the result is
  /// cut.
  std::optional<std::int64_t> most_rows;
  std::optional<ResultBasis> basis;          // Set if the result is worth keeping.
  std::unique_ptr<CompiledSelect> compiled;  // Set if the statement was compiled.
};

/// Thread-safe.
class Engine {
 public:
  /// Loads the catalog, and creates the built-in databases in an empty storage. Borrows the guids
  /// and the clock. A null `results` keeps no results; null `threads`: each statement has its own
  /// thread only.
  static StatusOr<std::unique_ptr<Engine>> Create(std::unique_ptr<storage::Storage> storage,
                                                  GuidSource& guids,
                                                  const Clock& clock = SystemClock(),
                                                  std::shared_ptr<ResultsCache> results = nullptr,
                                                  std::shared_ptr<ScanThreads> threads = nullptr);
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
    /// The rows of an INSERT whose statement has none: literals that were read by its head.
    const dialect::ValueRows* rows = nullptr;
    /// Set by a SELECT: whether the default maximum of rows left out rows of its result. Null: not
    /// of interest.
    bool* was_cut = nullptr;
  };
  /// Begins a SELECT that returns rows, so that the caller knows before it writes anything whether
  /// the storage has capacity for it: RESOURCE_EXHAUSTED if not. The caller passes the result to
  /// Execute(), also if it is another error. Returns nullopt for all other statements.
  std::optional<StatusOr<BegunSelect>> BeginSelect(const Request& request);

  /// A statement before it is parsed. All is borrowed.
  struct Question {
    std::string_view text;
    const Context& context;
    const StatementOptions& options;
  };
  /// Returns the result that an earlier SELECT with the same text had, if it is kept, still right
  /// and not refused by the option skip_cache; else null.
  std::shared_ptr<const SelectResult> FindResult(const Question& question);
  /// Writes it as Execute() wrote it.
  static Status Repeat(const SelectResult& result, StatementSink& sink);

  using FoundPlan = StatementPlans::Found;
  /// Returns the plan of an earlier SELECT that applies to the text, with its values, unless the
  /// option use_jit is off.
  std::optional<FoundPlan> FindPlan(const Question& question);
  /// As BeginSelect(), by a plan whose statement the request has. ABORTED if the text must be
  /// parsed and begun without the plan.
  StatusOr<BegunSelect> BeginPlanned(const Request& request, const FoundPlan& found);
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

  /// Loads rows into a table; see load.h. Returns their number. Errors are those of an INSERT and
  /// of the rows.
  StatusOr<std::int64_t> Load(const LoadRequest& request);
  /// The definition of a table.
  StatusOr<plan::TablePtr> FindTable(const TableName& name) const;

  /// Writes the result of a text that cannot be parsed: the error, which is also returned.
  Status Reject(const Status& parse_error, const Context& context, StatementSink& sink);

  /// Writes the result of a text without a statement: the success message.
  void AnswerBlank(const Context& context, StatementSink& sink);

  /// The current schema version, which every change of definitions increments.
  std::int64_t SchemaVersion() const;
  /// As Storage::ReleaseIdle().
  bool ReleaseIdle();
  /// As Storage::OwnBytes().
  std::uint64_t OwnBytes() const { return storage_->OwnBytes(); }
  /// The names of all databases, schemas, tables and columns, sorted and without duplicates.
  std::size_t TableCount() const;
  std::vector<std::string> Names() const;
  struct TableEntry {
    std::string database;
    std::string schema;
    plan::TablePtr table;
  };
  /// All tables in the order of their databases, schemas and creation.
  std::vector<TableEntry> Tables() const;

 private:
  Engine(std::unique_ptr<storage::Storage> storage, GuidSource& guids,
         std::unique_ptr<Catalog> catalog, std::unique_ptr<TableActivity> activity,
         std::shared_ptr<ResultsCache> results, std::shared_ptr<ScanThreads> threads);
  Status ExecuteNow(const Request& request, StatementSink& sink);
  bool IsCurrent(const ResultBasis& basis) const;
  /// Whether the result of a SELECT that runs now is worth keeping.
  bool IsWorthKeeping(const Request& request);

  const std::uint64_t number_;  // of this engine in the process
  std::unique_ptr<storage::Storage> storage_;
  GuidSource& guids_;
  std::unique_ptr<Catalog> catalog_;
  std::unique_ptr<TableActivity> activity_;
  std::shared_ptr<ResultsCache> results_;  // null: no results are kept
  std::shared_ptr<ScanThreads> threads_;   // null: none help
  StatementPlans plans_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ENGINE_H_

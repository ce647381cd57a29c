// The engine: what statements mean. It owns the catalog, binds names and types, and runs each
// statement against a storage.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ENGINE_H_
#define TQLKIT_MOCKSERVER_ENGINE_ENGINE_H_

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
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

/// INSERTs that are stored together, by one transaction. Each is atomic nevertheless; none may be
/// answered before Commit. While it holds something, no other statement of the thread may change
/// anything. Without Commit nothing of it is stored. Belongs to one thread.
class InsertGroup {
 public:
  /// When it fails, nothing of the group is stored. Afterwards the group is empty.
  Status Commit();

 private:
  friend Status Execute(const StatementContext& statement, const dialect::Insert& node);
  std::unique_ptr<storage::Transaction> transaction_;  // null: empty
  TableActivity* activity_ = nullptr;                  // is told of the changes at the end
  std::map<plan::Id, std::int64_t> changes_;           // INSERTs a table
};

/// A SELECT that has begun: bound, and opened up to its first row, or counted.
struct BegunSelect {
  plan::Query query;
  std::unique_ptr<storage::Cursor> cursor;  // null: only the number of its rows was asked for
  std::int64_t count = 0;
};

/// Thread safety: every method may be called from any number of threads.
class Engine {
 public:
  /// Loads the catalog; on an empty storage makes the built-in databases first. The guids and the
  /// clock are borrowed.
  static StatusOr<std::unique_ptr<Engine>> Create(std::unique_ptr<storage::Storage> storage,
                                                  GuidSource& guids,
                                                  const Clock& clock = SystemClock());
  ~Engine();
  /// An engine of its own over a fork of the storage: with the catalog, the rows and the data
  /// versions of this moment. Errors and cost are those of Storage::Fork. The guids and the clock
  /// are borrowed.
  StatusOr<std::unique_ptr<Engine>> Fork(const storage::Cancellation& cancellation,
                                         GuidSource& guids, const Clock& clock) const;

  struct Request {
    /// The text that the statement was parsed from, and its source ranges point into.
    std::string_view text;
    const dialect::Statement& statement;
    const Context& context;
    const StatementOptions& options;
    const storage::Cancellation& cancellation;
    /// For an INSERT; null: it is stored at once.
    InsertGroup* group = nullptr;
    /// The blanks and comments before the statement in its script.
    std::string_view preamble = {};
    /// Where the text begins in its script: the places of errors and warnings are given there.
    TextPlace origin = {};
    /// Of BeginSelect for the same statement, taken by Execute; null: it begins there.
    StatusOr<BegunSelect>* begun = nullptr;
  };
  /// Begins a SELECT that answers rows, so that the caller learns before anything is written
  /// whether there is room for it: RESOURCE_EXHAUSTED if not. Execute makes an answer of what is
  /// returned, also of an error. nullopt for every other statement.
  std::optional<StatusOr<BegunSelect>> BeginSelect(const Request& request);
  /// Runs one statement and writes its whole answer into the sink: output, then the success line
  /// or one ERROR message. OK when the statement succeeded or asked a question; otherwise the error
  /// that the sink was told.
  Status Execute(const Request& request, StatementSink& sink);

  /// Writes the answer to a text that is no statement: the error a parser found.
  Status Reject(const Status& parse_error, const Context& context, StatementSink& sink);

  /// Writes the answer to a text without a statement: the success line.
  void AnswerBlank(const Context& context, StatementSink& sink);

  std::int64_t SchemaVersion() const;
  /// The names of all databases, schemas, tables and columns, without repetitions, in alphabetical
  /// order.
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

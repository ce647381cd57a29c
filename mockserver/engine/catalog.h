// The definitions of databases, schemas and tables, and the resolution of names.
#ifndef TQLKIT_MOCKSERVER_ENGINE_CATALOG_H_
#define TQLKIT_MOCKSERVER_ENGINE_CATALOG_H_

#include <condition_variable>
#include <functional>
#include <memory>
#include <set>
#include <unordered_set>
#include <utility>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/name_index.h"
#include "mockserver/engine/persistent_map.h"
#include "mockserver/engine/questions.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/plan/plan.h"
#include "mockserver/storage/storage.h"
#include "proto/base/mutex.h"
#include "proto/base/status.h"
#include "proto/base/status_macros.h"
#include "tql/status.h"

namespace tql::engine {

inline constexpr std::string_view kDefaultSchema = "falcon_default_schema";

/// One state of the catalog. Ids increase with time, so a map by id is in order of creation. To
/// copy a state takes constant time and to change the copy logarithmic time, because both share
/// what is unchanged.
class CatalogState {
 public:
  struct Schema {
    plan::SchemaDef def;
    PersistentMap<plan::Id, plan::TablePtr> tables;
    NameIndex<plan::Id> table_names;
  };
  struct Database {
    plan::DatabaseDef def;
    PersistentMap<plan::Id, Schema> schemas;
    NameIndex<plan::Id> schema_names;
  };

  const PersistentMap<plan::Id, Database>& databases() const { return databases_; }
  std::int64_t version() const { return version_; }
  plan::Id last_id() const { return last_id_; }
  /// Both return nullptr for an unknown id.
  const Schema* FindSchema(plan::Id id) const;
  plan::TablePtr FindTable(plan::Id id) const;
  bool HasDatabase(std::string_view name) const {
    return database_names_.FindExact(name) != nullptr;
  }
  /// The shortest path from one table to another along foreign keys and relationships, including
  /// both; empty if no path exists. `from` must exist.
  std::vector<plan::TablePtr> References(plan::Id from, plan::Id to) const;
  /// The tables that refer to one of `targets` and are not targets themselves.
  std::set<plan::Id> ReferringTo(const std::unordered_set<plan::Id>& targets) const;
  /// The foreign keys and relationships with which other tables refer to one of `targets`, in order
  /// of the creation of these tables.
  std::vector<Dependent> DependentsOn(const std::unordered_set<plan::Id>& targets) const;
  /// The definitions of the tables in ReferringTo(targets), without these references.
  std::vector<plan::TableDef> WithoutReferencesTo(
      const std::unordered_set<plan::Id>& targets) const;

  // ---- Resolution of names; errors have the part that is unknown or ambiguous -----------------

  /// The database `name`, or that of the context if `name` is nullptr.
  StatusOr<const Database*> ResolveDatabase(const dialect::Name* name,
                                            const Context& context) const;
  /// A schema by a name of one or two parts.
  StatusOr<const Schema*> ResolveSchema(const dialect::ObjectName& name,
                                        const Context& context) const;
  /// A table by a name of one to three parts. A part matches exactly or, if nothing does, the only
  /// name that differs in case. Missing parts are those of the context. The x of `x.t` is a schema
  /// or, if no schema has this name, a database, whose default schema is meant.
  StatusOr<plan::TablePtr> ResolveTable(const dialect::ObjectName& name,
                                        const Context& context) const;
  /// The place of a new table. `schema` is nullptr for a default schema that does not exist yet; it
  /// is created with its first table.
  struct Place {
    const Database* database = nullptr;
    const Schema* schema = nullptr;
    std::string_view schema_name;
  };
  StatusOr<Place> ResolvePlace(const dialect::ObjectName& table, const Context& context) const;

  // ---- Changes ----------------------------------------------------------------------------------

  void AddDatabase(plan::DatabaseDef def);
  void AddSchema(plan::SchemaDef def);
  void AddTable(plan::TablePtr table);
  void ReplaceTables(const std::vector<plan::TableDef>& tables);
  void RemoveDatabase(plan::Id id);
  void RemoveSchema(plan::Id id);
  void RemoveTable(plan::Id id);
  void SetVersion(std::int64_t version, plan::Id last_id);

 private:
  Schema* MutableSchema(plan::Id id);
  /// Adds the references of the table to `referring_`, or removes them.
  void Refer(const plan::TableDef& table, bool add);

  struct Nothing {};
  using Ids = PersistentMap<plan::Id, Nothing>;

  PersistentMap<plan::Id, Database> databases_;
  NameIndex<plan::Id> database_names_;
  PersistentMap<plan::Id, plan::Id> database_of_schema_;
  PersistentMap<plan::Id, plan::TablePtr> tables_;  // Of all schemas.
  /// For each table that is referred to, the tables that refer to it.
  PersistentMap<plan::Id, Ids> referring_;
  std::int64_t version_ = 0;
  plan::Id last_id_ = 0;
};

/// The current state of the catalog of a storage, which is borrowed. A statement uses one state
/// from its start to its end; a change replaces the state by the next one. Thread-safe, but
/// Change() may only be called within a transaction with Intent::kSchema, which runs alone.
class Catalog {
 public:
  using Reader = std::shared_ptr<const CatalogState>;
  using TransactionPtr = std::unique_ptr<storage::Transaction>;

  Catalog(storage::CatalogRecords records, storage::Storage& storage);
  /// Begins with the state of another catalog, which does not change.
  Catalog(Reader state, storage::Storage& storage) : storage_(storage), state_(std::move(state)) {}

  Reader Read() const;

  /// Runs `read(const CatalogState&)`, which binds names in this state and reads rows from the
  /// storage, and returns its Status or StatusOr. Runs it again with the next state, a limited
  /// number of times, if the result is ABORTED: a table has changed between the two.
  template <typename ReadRows>
  auto InOneState(const storage::Cancellation& cancellation, const ReadRows& read) {
    return Retry(cancellation, [&](const Reader& state) { return read(*state); });
  }
  /// Runs `change(TransactionPtr&, const CatalogState&)` with a new transaction and the state that
  /// it sees, and returns its Status or StatusOr; `change` also commits. Runs it again in a new
  /// transaction, a limited number of times, if the result is ABORTED. An UNKNOWN outcome of the
  /// commit becomes an error that reports it, and nothing is repeated.
  template <typename ChangeRows>
  auto InTransaction(storage::Intent intent, const storage::Cancellation& cancellation,
                     const ChangeRows& change) {
    return Retry(cancellation,
                 [&](const Reader&) -> decltype(change(std::declval<TransactionPtr&>(),
                                                       std::declval<const CatalogState&>())) {
                   TQL_ASSIGN_OR_RETURN(TransactionPtr transaction,
                                        storage_.Begin(intent, cancellation));
                   TQL_ASSIGN_OR_RETURN(const Reader state, StateOf(*transaction));
                   return change(transaction, *state);
                 });
  }

  /// Commits the transaction together with a change of the catalog. The new state is current before
  /// another transaction can begin. No lock is held while the storage commits.
  Status Change(storage::Transaction& transaction,
                const std::function<void(CatalogState&)>& change);

 private:
  class Committing;

  /// The only place where something runs again after ABORTED, and where nothing does after UNKNOWN.
  template <typename Attempt>
  auto Retry(const storage::Cancellation& cancellation, const Attempt& attempt)
      -> decltype(attempt(std::declval<const Reader&>())) {
    constexpr int kMaxAttempts = 16;
    Reader state = Read();
    for (int number = 1;; ++number) {
      auto result = attempt(state);
      const Status status = base::StatusOf(result);
      if (status.code() == StatusCode::kUnknown) {
        (void)Refresh(*Read());  // if this fails, the next transaction finds another version
        return errors::UnknownOutcome(status);
      }
      if (status.code() != StatusCode::kAborted) return result;
      if (number == kMaxAttempts) return errors::KeepsChanging();
      TQL_ASSIGN_OR_RETURN(state, StateAfter(state, cancellation));
    }
  }
  /// The state to try again with after `used`. The rows may already be those of a change whose
  /// state is not the current one yet: waits while such a change is being committed, or for as long
  /// as the Cancellation allows. Without such a change, another server may have made one.
  StatusOr<Reader> StateAfter(const Reader& used, const storage::Cancellation& cancellation);
  /// The state that the transaction sees, which another server may have made.
  StatusOr<Reader> StateOf(const storage::Transaction& transaction);
  /// Makes the records of the storage the current state if their version is newer than `known`.
  Status Refresh(const CatalogState& known);

  storage::Storage& storage_;
  mutable base::Mutex mutex_;
  std::condition_variable_any changed_;
  Reader state_ TQL_GUARDED_BY(mutex_);  // Never null.
  /// The number of changes being committed. It may be 2, because a change can begin before the
  /// previous Change() has returned.
  int committing_ TQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_CATALOG_H_

// The databases, schemas and tables that exist, and what a name in a statement means.
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
#include "mockserver/engine/status_macros.h"
#include "mockserver/plan/plan.h"
#include "mockserver/storage/storage.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::engine {

inline constexpr std::string_view kDefaultSchema = "falcon_default_schema";

/// One state of the catalog. Ids grow with time, so a map by id is in order of creation. A copy
/// takes constant time, a change of a copy logarithmic time: they share what did not change.
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
  /// nullptr when there is none.
  const Schema* FindSchema(plan::Id id) const;
  plan::TablePtr FindTable(plan::Id id) const;
  bool HasDatabase(std::string_view name) const {
    return database_names_.FindExact(name) != nullptr;
  }
  /// The shortest way from one table to another along foreign keys and relationships, both ends
  /// included; empty when no way exists. `from` exists.
  std::vector<plan::TablePtr> References(plan::Id from, plan::Id to) const;
  /// The tables, none of `targets` among them, that refer to one of these.
  std::set<plan::Id> ReferringTo(const std::unordered_set<plan::Id>& targets) const;
  /// What refers to one of the tables `gone` from a table that is not among them, in order of
  /// these tables' creation.
  std::vector<Dependent> DependentsOn(const std::unordered_set<plan::Id>& gone) const;
  /// The tables that refer to one of `gone` and are not among them, without these references.
  std::vector<plan::TableDef> WithoutReferencesTo(const std::unordered_set<plan::Id>& gone) const;

  // ---- What names mean. Each says which name is unknown or ambiguous. -------------------------

  /// The database `name`, or the context's when it is nullptr.
  StatusOr<const Database*> ResolveDatabase(const dialect::Name* name,
                                            const Context& context) const;
  /// A schema of one or two parts.
  StatusOr<const Schema*> ResolveSchema(const dialect::ObjectName& name,
                                        const Context& context) const;
  /// A table of one to three parts: the exact name first, else the only one that differs in case.
  /// A missing schema is the context's, a missing database too; `x.t` is the table of a schema,
  /// else of the default schema of a database x.
  StatusOr<plan::TablePtr> ResolveTable(const dialect::ObjectName& name,
                                        const Context& context) const;
  /// Where a new table of this name goes. `schema` is nullptr when its schema is the default one
  /// and does not exist yet: it is made on first use.
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
  void Refer(const plan::TableDef& table, bool add);

  struct Nothing {};
  using Ids = PersistentMap<plan::Id, Nothing>;

  PersistentMap<plan::Id, Database> databases_;
  NameIndex<plan::Id> database_names_;
  PersistentMap<plan::Id, plan::Id> database_of_schema_;
  PersistentMap<plan::Id, plan::TablePtr> tables_;  // of all schemas
  /// For each table that others refer to: these others.
  PersistentMap<plan::Id, Ids> referring_;
  std::int64_t version_ = 0;
  plan::Id last_id_ = 0;
};

/// The current state of the catalog. A statement takes one state and keeps it; a change makes the
/// next one. Thread safety: every method may be called from any thread; Change by one at a time,
/// which the writer's turn of the storage ensures.
class Catalog {
 public:
  explicit Catalog(storage::CatalogRecords records);
  using Reader = std::shared_ptr<const CatalogState>;
  /// Begins with the state of another catalog, which stays as it is.
  explicit Catalog(Reader state) : state_(std::move(state)) {}

  Reader Read() const;
  /// Runs `read`, which binds names in the state that it is given and reads rows from the storage,
  /// and returns its StatusOr. When that is ABORTED, a table has changed between the two: runs it
  /// again with the next state, some times.
  template <typename ReadRows>
  auto InOneState(const storage::Cancellation& cancellation, const ReadRows& read) const
      -> decltype(read(std::declval<const CatalogState&>())) {
    constexpr int kMostAttempts = 16;
    Reader state = Read();
    for (int attempt = 1;; ++attempt) {
      auto result = read(*state);
      if (result.ok() || result.status().code() != StatusCode::kAborted) return result;
      if (attempt == kMostAttempts) return errors::KeepsChanging();
      TQL_ASSIGN_OR_RETURN(state, ReadAfter(state, cancellation));
    }
  }

  /// Commits the transaction with a change of the catalog. The new state is the current one before
  /// another transaction can begin. Nothing is locked while the storage commits.
  Status Change(storage::Transaction& transaction,
                const std::function<void(CatalogState&)>& change);

 private:
  class Committing;
  /// The state to try again with after `used`. The rows may already be those of a change whose
  /// state is not the current one yet: waits while such a change is being committed, or for as long
  /// as the Cancellation allows.
  StatusOr<Reader> ReadAfter(const Reader& used, const storage::Cancellation& cancellation) const;

  mutable base::Mutex mutex_;
  mutable std::condition_variable_any changed_;
  Reader state_ TQL_GUARDED_BY(mutex_);  // never null
  // Changes; two when the next one begins before the last one returned.
  int committing_ TQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_CATALOG_H_

// The databases, schemas and tables that exist, and what a name in a statement means.
#ifndef TQLKIT_MOCKSERVER_ENGINE_CATALOG_H_
#define TQLKIT_MOCKSERVER_ENGINE_CATALOG_H_

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <shared_mutex>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "mockserver/dialect/ast.h"
#include "mockserver/engine/name_index.h"
#include "mockserver/engine/questions.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/plan/plan.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

inline constexpr std::string_view kDefaultSchema = "falcon_default_schema";

/// One state of the catalog. Ids grow with time, so a map by id is in order of creation.
class CatalogState {
 public:
  struct Schema {
    plan::SchemaDef def;
    std::map<plan::Id, plan::TablePtr> tables;
    NameIndex<plan::Id> table_names;
  };
  struct Database {
    plan::DatabaseDef def;
    std::map<plan::Id, Schema> schemas;
    NameIndex<plan::Id> schema_names;
  };

  const std::map<plan::Id, Database>& databases() const { return databases_; }
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

  std::map<plan::Id, Database> databases_;
  NameIndex<plan::Id> database_names_;
  std::unordered_map<plan::Id, plan::Id> database_of_schema_;
  std::unordered_map<plan::Id, plan::Id> schema_of_table_;
  /// For each table that others refer to: these others.
  std::unordered_map<plan::Id, std::unordered_set<plan::Id>> referring_;
  std::int64_t version_ = 0;
  plan::Id last_id_ = 0;
};

/// The catalog under its lock. Thread safety: every method may be called from any thread.
class Catalog {
 public:
  explicit Catalog(storage::CatalogRecords records);

  /// The state, which does not change as long as the result lives. Short: DDL waits for it.
  class Reader {
   public:
    const CatalogState& operator*() const { return state_; }
    const CatalogState* operator->() const { return &state_; }

   private:
    friend class Catalog;
    explicit Reader(const Catalog& catalog) : lock_(catalog.mutex_), state_(catalog.state_) {}
    std::shared_lock<std::shared_mutex> lock_;
    const CatalogState& state_;
  };
  Reader Read() const { return Reader(*this); }

  /// Runs `commit` and, when it succeeds, `change`, while nobody reads.
  Status Change(const std::function<Status()>& commit,
                const std::function<void(CatalogState&)>& change);

 private:
  mutable std::shared_mutex mutex_;
  CatalogState state_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_CATALOG_H_

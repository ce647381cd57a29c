#include "mockserver/engine/catalog.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <unordered_map>

#include "mockserver/engine/errors.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"

namespace tql::engine {
namespace {

using errors::Thing;

/// Returns an error if the name is unknown or ambiguous.
StatusOr<plan::Id> Lookup(const NameIndex<plan::Id>& index, Thing thing, std::string_view name) {
  const auto found = index.Find(name);
  if (found.ambiguous) return errors::Ambiguous(thing, name);
  if (found.value == nullptr) return errors::NotFound(thing, name);
  return *found.value;
}

std::string_view SchemaNameOf(const Context& context) {
  return context.schema.empty() ? kDefaultSchema : std::string_view(context.schema);
}

StatusOr<const CatalogState::Schema*> SchemaIn(const CatalogState::Database& database,
                                               std::string_view name) {
  TQL_ASSIGN_OR_RETURN(const plan::Id id, Lookup(database.schema_names, Thing::kSchema, name));
  return &database.schemas.at(id);
}

StatusOr<plan::TablePtr> TableIn(const CatalogState::Schema& schema, std::string_view name) {
  TQL_ASSIGN_OR_RETURN(const plan::Id id, Lookup(schema.table_names, Thing::kTable, name));
  return schema.tables.at(id);
}

}  // namespace

const CatalogState::Schema* CatalogState::FindSchema(plan::Id id) const {
  const plan::Id* const database = database_of_schema_.Find(id);
  return database == nullptr ? nullptr : &databases_.at(*database).schemas.at(id);
}

CatalogState::Schema* CatalogState::MutableSchema(plan::Id id) {
  const plan::Id* const database = database_of_schema_.Find(id);
  return database == nullptr ? nullptr : &databases_.Mutable(*database).schemas.Mutable(id);
}

plan::TablePtr CatalogState::FindTable(plan::Id id) const {
  const plan::TablePtr* const table = tables_.Find(id);
  return table == nullptr ? nullptr : *table;
}

StatusOr<const CatalogState::Database*> CatalogState::ResolveDatabase(
    const dialect::Name* name, const Context& context) const {
  if (name == nullptr && context.database.empty()) return errors::NoDatabase();
  const std::string& text = name == nullptr ? context.database : name->text;
  TQL_ASSIGN_OR_RETURN(const plan::Id id, Lookup(database_names_, Thing::kDatabase, text));
  return &databases_.at(id);
}

StatusOr<const CatalogState::Schema*> CatalogState::ResolveSchema(const dialect::ObjectName& name,
                                                                  const Context& context) const {
  if (name.parts.size() > 2) return errors::TooManyNameParts(Thing::kSchema);
  const dialect::Name* database_name = name.parts.size() == 2 ? &name.parts[0] : nullptr;
  TQL_ASSIGN_OR_RETURN(const Database* database, ResolveDatabase(database_name, context));
  return SchemaIn(*database, name.last().text);
}

StatusOr<CatalogState::Place> CatalogState::ResolvePlace(const dialect::ObjectName& table,
                                                         const Context& context) const {
  const auto& parts = table.parts;
  if (parts.size() > 3) return errors::TooManyNameParts(Thing::kTable);
  Place place;
  if (parts.size() == 2) {
    // The first part is a schema of the current database, even if its name is ambiguous; else a
    // database. If it is neither, the error of the missing schema is returned below.
    StatusOr<const Database*> current = ResolveDatabase(nullptr, context);
    const auto schema =
        current.ok() ? (*current)->schema_names.Find(parts[0].text) : NameIndex<plan::Id>::Found{};
    if (current.ok() && (schema.value != nullptr || schema.ambiguous)) {
      place.database = *current;
    } else if (StatusOr<const Database*> named = ResolveDatabase(&parts[0], context); named.ok()) {
      place.database = *named;
      place.schema_name = kDefaultSchema;
    } else if (!current.ok()) {
      return current.status();
    } else {
      place.database = *current;
    }
    if (place.schema_name.empty()) place.schema_name = parts[0].text;
  } else {
    const dialect::Name* database_name = parts.size() == 3 ? &parts[0] : nullptr;
    TQL_ASSIGN_OR_RETURN(place.database, ResolveDatabase(database_name, context));
    place.schema_name = parts.size() == 3 ? std::string_view(parts[1].text) : SchemaNameOf(context);
  }
  // Only the default schema may be absent.
  StatusOr<const Schema*> schema = SchemaIn(*place.database, place.schema_name);
  if (schema.ok()) {
    place.schema = *schema;
  } else if (schema.status().code() != StatusCode::kNotFound ||
             base::Lower(place.schema_name) != kDefaultSchema) {
    return schema.status();
  }
  return place;
}

StatusOr<plan::TablePtr> CatalogState::ResolveTable(const dialect::ObjectName& name,
                                                    const Context& context) const {
  TQL_ASSIGN_OR_RETURN(const Place place, ResolvePlace(name, context));
  if (place.schema == nullptr) return errors::NotFound(Thing::kTable, name.last().text);
  return TableIn(*place.schema, name.last().text);
}

void CatalogState::AddDatabase(plan::DatabaseDef def) {
  database_names_.Add(def.name, def.id);
  const plan::Id id = def.id;
  databases_.Mutable(id).def = std::move(def);
}

void CatalogState::AddSchema(plan::SchemaDef def) {
  if (!databases_.contains(def.database_id)) return;
  Database& database = databases_.Mutable(def.database_id);
  database.schema_names.Add(def.name, def.id);
  database_of_schema_.Mutable(def.id) = def.database_id;
  const plan::Id id = def.id;
  database.schemas.Mutable(id).def = std::move(def);
}

void CatalogState::Refer(const plan::TableDef& table, bool add) {
  const auto refer = [&](plan::Id target) {
    Ids& tables = referring_.Mutable(target);
    if (add) {
      tables.Mutable(table.id);
    } else {
      tables.Erase(table.id);
    }
    if (tables.empty()) referring_.Erase(target);
  };
  for (const plan::ForeignKeyDef& key : table.foreign_keys) refer(key.target_table);
  for (const plan::RelationshipDef& relationship : table.relationships) {
    refer(relationship.target_table);
  }
}

/// A breadth-first search. `reached_by` has the previous table on the path to each table.
std::vector<plan::TablePtr> CatalogState::References(plan::Id from, plan::Id to) const {
  std::unordered_map<plan::Id, plan::TablePtr> reached_by = {{from, nullptr}};
  std::deque<plan::Id> next = {from};
  for (; !next.empty() && !reached_by.contains(to); next.pop_front()) {
    const plan::TablePtr table = FindTable(next.front());
    const auto reach = [&](plan::Id target) {
      if (reached_by.emplace(target, table).second) next.push_back(target);
    };
    for (const plan::ForeignKeyDef& key : table->foreign_keys) reach(key.target_table);
    for (const plan::RelationshipDef& r : table->relationships) reach(r.target_table);
  }
  std::vector<plan::TablePtr> path;
  if (!reached_by.contains(to)) return path;
  for (plan::TablePtr table = FindTable(to); table != nullptr; table = reached_by.at(table->id)) {
    path.push_back(table);
  }
  std::reverse(path.begin(), path.end());
  return path;
}

std::set<plan::Id> CatalogState::ReferringTo(const std::unordered_set<plan::Id>& targets) const {
  std::set<plan::Id> referring;
  for (const plan::Id target : targets) {
    const Ids* const tables = referring_.Find(target);
    if (tables == nullptr) continue;
    for (const auto& [id, nothing] : *tables) {
      if (!targets.contains(id)) referring.insert(id);
    }
  }
  return referring;
}

std::vector<Dependent> CatalogState::DependentsOn(
    const std::unordered_set<plan::Id>& targets) const {
  std::vector<Dependent> dependents;
  for (const plan::Id id : ReferringTo(targets)) {
    const plan::TablePtr table = FindTable(id);
    for (const plan::ForeignKeyDef& key : table->foreign_keys) {
      if (targets.contains(key.target_table)) dependents.push_back({true, key.name, table->name});
    }
    for (const plan::RelationshipDef& relationship : table->relationships) {
      if (!targets.contains(relationship.target_table)) continue;
      dependents.push_back({false, relationship.name, table->name});
    }
  }
  return dependents;
}

std::vector<plan::TableDef> CatalogState::WithoutReferencesTo(
    const std::unordered_set<plan::Id>& targets) const {
  std::vector<plan::TableDef> tables;
  for (const plan::Id id : ReferringTo(targets)) {
    plan::TableDef& table = tables.emplace_back(*FindTable(id));
    std::erase_if(table.foreign_keys,
                  [&](const auto& key) { return targets.contains(key.target_table); });
    std::erase_if(table.relationships, [&](const auto& relationship) {
      return targets.contains(relationship.target_table);
    });
  }
  return tables;
}

void CatalogState::ReplaceTables(const std::vector<plan::TableDef>& tables) {
  for (const plan::TableDef& table : tables) {
    RemoveTable(table.id);
    AddTable(std::make_shared<const plan::TableDef>(table));
  }
}

void CatalogState::AddTable(plan::TablePtr table) {
  Schema* schema = MutableSchema(table->schema_id);
  if (schema == nullptr) return;
  Refer(*table, /*add=*/true);
  schema->table_names.Add(table->name, table->id);
  const plan::Id id = table->id;
  tables_.Mutable(id) = table;
  schema->tables.Mutable(id) = std::move(table);
}

void CatalogState::RemoveDatabase(plan::Id id) {
  if (!databases_.contains(id)) return;
  std::vector<plan::Id> schemas;  // A copy, because RemoveSchema() changes the map.
  for (const auto& [schema, def] : databases_.at(id).schemas) schemas.push_back(schema);
  for (const plan::Id schema : schemas) RemoveSchema(schema);
  database_names_.Remove(databases_.at(id).def.name);
  databases_.Erase(id);
}

void CatalogState::RemoveSchema(plan::Id id) {
  const plan::Id* const of = database_of_schema_.Find(id);
  if (of == nullptr) return;
  Database& database = databases_.Mutable(*of);
  const Schema& schema = database.schemas.at(id);
  for (const auto& [table_id, table] : schema.tables) {
    Refer(*table, /*add=*/false);
    tables_.Erase(table_id);
  }
  database.schema_names.Remove(schema.def.name);
  database.schemas.Erase(id);
  database_of_schema_.Erase(id);
}

void CatalogState::RemoveTable(plan::Id id) {
  const plan::TablePtr table = FindTable(id);
  if (table == nullptr) return;
  Refer(*table, /*add=*/false);
  Schema* schema = MutableSchema(table->schema_id);
  schema->table_names.Remove(table->name);
  schema->tables.Erase(id);
  tables_.Erase(id);
}

void CatalogState::SetVersion(std::int64_t version, plan::Id last_id) {
  version_ = version;
  last_id_ = last_id;
}

namespace {

Catalog::Reader MakeState(storage::CatalogRecords records) {
  auto state = std::make_shared<CatalogState>();
  for (plan::DatabaseDef& def : records.databases) state->AddDatabase(std::move(def));
  for (plan::SchemaDef& def : records.schemas) state->AddSchema(std::move(def));
  for (plan::TableDef& def : records.tables) {
    state->AddTable(std::make_shared<const plan::TableDef>(std::move(def)));
  }
  state->SetVersion(records.schema_version, records.last_id);
  return state;
}

}  // namespace

Catalog::Catalog(storage::CatalogRecords records, storage::Storage& storage)
    : storage_(storage), state_(MakeState(std::move(records))) {}

Catalog::Reader Catalog::Read() const {
  const base::MutexLock lock(mutex_);
  return state_;
}

StatusOr<Catalog::Reader> Catalog::StateAfter(const Reader& used,
                                              const storage::Cancellation& cancellation) {
  // Nothing notifies this thread when the client disconnects.
  constexpr std::chrono::milliseconds kCheckInterval{50};
  const auto settled = [&]() TQL_REQUIRES(mutex_) { return committing_ == 0 || state_ != used; };
  TQL_RETURN_IF_ERROR(cancellation.Check());
  base::MutexLock lock(mutex_);
  while (!settled()) {
    lock.unlock();
    TQL_RETURN_IF_ERROR(cancellation.Check());  // Without the lock, because it may read a socket.
    lock.lock();
    const auto now = std::chrono::steady_clock::now();
    changed_.wait_until(lock, cancellation.stop,
                        std::min(cancellation.deadline, now + kCheckInterval), settled);
  }
  if (state_ != used) return state_;
  lock.unlock();
  TQL_RETURN_IF_ERROR(Refresh(*used));
  return Read();
}

StatusOr<Catalog::Reader> Catalog::StateOf(const storage::Transaction& transaction) {
  Reader state = Read();
  if (state->version() == transaction.SchemaVersion()) return state;
  TQL_RETURN_IF_ERROR(Refresh(*state));
  state = Read();
  return state->version() == transaction.SchemaVersion() ? StatusOr<Reader>(std::move(state))
                                                         : errors::KeepsChanging();
}

Status Catalog::Refresh(const CatalogState& known) {
  TQL_ASSIGN_OR_RETURN(std::optional<storage::CatalogRecords> records,
                       storage_.Reload(known.version()));
  if (!records) return Status();
  Reader next = MakeState(*std::move(records));
  const base::MutexLock lock(mutex_);
  if (state_->version() < next->version()) state_.swap(next);
  return Status();
}

/// Counts a commit in `committing_` as long as it lasts.
class Catalog::Committing {
 public:
  explicit Committing(Catalog& catalog) : catalog_(catalog) { Add(1); }
  ~Committing() { Add(-1); }
  Committing(const Committing&) = delete;
  Committing& operator=(const Committing&) = delete;

 private:
  void Add(int count) {
    const base::MutexLock lock(catalog_.mutex_);
    catalog_.committing_ += count;
    catalog_.changed_.notify_all();
  }
  Catalog& catalog_;
};

Status Catalog::Change(storage::Transaction& transaction,
                       const std::function<void(CatalogState&)>& change) {
  auto changed = std::make_shared<CatalogState>(*Read());
  change(*changed);
  Reader next = std::move(changed);
  const Committing committing(*this);
  return transaction.Commit([&] {
    const base::MutexLock lock(mutex_);
    state_.swap(next);  // The old state is destroyed after the lock is released.
  });
}

}  // namespace tql::engine

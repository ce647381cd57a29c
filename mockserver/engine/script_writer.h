// Writes definitions as TQL statements that recreate them.
#ifndef TQLKIT_MOCKSERVER_ENGINE_SCRIPT_WRITER_H_
#define TQLKIT_MOCKSERVER_ENGINE_SCRIPT_WRITER_H_

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/engine/catalog.h"
#include "mockserver/engine/statement_options.h"
#include "mockserver/plan/plan.h"

namespace tql::engine {

/// The input of a script: a copy of the catalog's records, so that the catalog need not be locked
/// while the script is written. Tables are shared, not copied.
struct ScriptSource {
  struct Schema {
    plan::SchemaDef def;
    std::vector<plan::TablePtr> tables;
  };
  struct Database {
    plan::DatabaseDef def;
    std::vector<Schema> schemas;
  };
  /// The location of a table that others refer to.
  struct Place {
    std::string database;
    std::string schema;
    plan::TablePtr table;
  };

  std::vector<Database> databases;
  std::map<plan::Id, Place> targets;  // The tables that those in `databases` refer to.

  void AddDatabase(const CatalogState& catalog, const CatalogState::Database& database);
  void AddSchema(const CatalogState& catalog, const CatalogState::Schema& schema);
  void AddTable(const CatalogState& catalog, const plan::TablePtr& table);

 private:
  void BeginSchema(const CatalogState& catalog, const CatalogState::Schema& schema);
  void Add(const CatalogState& catalog, const plan::TablePtr& table);
};

/// The statements that surround those of the tables.
enum class ScriptFrame : std::uint8_t {
  kDatabases,  // CREATE DATABASE, USE, CREATE SCHEMA.
  kSchema,     // CREATE SCHEMA.
  kTable,      // None.
};

/// Calls `write` with the text of each object until it returns false. A text begins with the blank
/// lines that separate it from the previous one and ends with ";\n". Each schema is followed by its
/// tables. References follow the tables of their database; those to other databases come last.
void WriteScript(const ScriptSource& source, ScriptFrame frame, const ScriptingOptions& options,
                 const std::function<bool(std::string_view)>& write);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_SCRIPT_WRITER_H_

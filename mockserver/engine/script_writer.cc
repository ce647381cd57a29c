#include "mockserver/engine/script_writer.h"

#include <cstdint>

#include "mockserver/dialect/printer.h"
#include "mockserver/engine/script_comment.h"
#include "mockserver/values/temporal.h"

namespace tql::engine {
namespace {

using dialect::QuoteName;

/// The comment before a definition; empty if it has no lines.
class Comment {
 public:
  void Add(const std::string& line) {
    // The line would end the comment.
    if (line.find("*/") == std::string::npos) lines_ += line + '\n';
  }
  std::string Text() const { return lines_.empty() ? "" : "/*\n" + lines_ + " */\n"; }

 private:
  std::string lines_;
};

std::string TypeText(const values::Type& type) {
  if (type.kind == values::TypeKind::kVarchar) {
    return "varchar(" + std::to_string(type.length) + ')';
  }
  if (type.kind == values::TypeKind::kDateTime) return "DATETIME";  // The only type in upper case.
  return std::string(values::TypeName(type.kind));
}

/// "FACT ", "DIMENSION " or empty.
std::string_view MarkText(plan::TableKind kind) {
  if (kind == plan::TableKind::kFact) return "FACT ";
  return kind == plan::TableKind::kDimension ? "DIMENSION " : "";
}

std::string Names(const plan::TableDef& table, const std::vector<std::int32_t>& columns,
                  std::string_view separator) {
  std::string names;
  for (const std::int32_t column : columns) {
    if (!names.empty()) names += separator;
    names += QuoteName(table.columns[static_cast<std::size_t>(column)].name);
  }
  return names;
}

class Writer {
 public:
  Writer(const ScriptSource& source, const ScriptingOptions& options,
         const std::function<bool(std::string_view)>& write)
      : source_(source), options_(options), write_(write) {}

  // Each returns false if the output is no longer wanted.
  bool Database(const ScriptSource::Database& database, ScriptFrame frame);
  bool ForeignReferences();

 private:
  enum class Reach { kSameDatabase, kOtherDatabase };

  /// Writes the text of one object after two blank lines that separate it from the previous one.
  bool Part(const std::string& text) {
    const std::string_view gap = first_ ? "" : "\n\n";
    first_ = false;
    return write_(std::string(gap) + text);
  }
  std::string Guid(const std::string& guid) const {
    return options_.script_guids ? " guid = " + guid : "";
  }
  /// The comment of an object that has only a guid.
  std::string GuidComment(std::string_view what, const std::string& name,
                          const std::string& guid) const {
    Comment comment;
    if (options_.script_comments && options_.script_guids) {
      comment.Add(std::string(what) + ' ' + QuoteName(name) + Guid(guid));
    }
    return comment.Text();
  }
  std::string ColumnComment(const plan::ColumnDef& column) const;
  std::string TableComment(const plan::TableDef& table) const;
  bool Table(const std::string& schema, const plan::TableDef& table);
  std::string Target(const ScriptSource::Place& place) const;
  bool References(const std::string& owner, const std::string& database,
                  const plan::TableDef& table, Reach reach);

  const ScriptSource& source_;
  const ScriptingOptions& options_;
  const std::function<bool(std::string_view)>& write_;
  bool first_ = true;
};

/// The text after the column's name; empty if there is nothing to record. There is no space before
/// the repeated name, as in the service's scripts.
std::string Writer::ColumnComment(const plan::ColumnDef& column) const {
  std::string text = Guid(column.guid);
  const std::string_view hint = column.parsing_hint.empty() && column.shows_default_hint
                                    ? values::DefaultParsingHint(column.type.kind)
                                    : std::string_view(column.parsing_hint);
  if (options_.script_parsing_hints && options_.script_extensions && !hint.empty()) {
    text += " parsing hint " + std::string(hint);
  }
  // Omit a default that would be read back differently.
  if (column.default_text && column.default_text->find('\n') == std::string::npos &&
      CompressionAtEnd(*column.default_text).empty()) {
    text += QuoteName(column.name) + " default " + *column.default_text;
  }
  if (options_.script_extensions && !column.compression.empty()) {
    text += " compression " + column.compression;
  }
  return text;
}

std::string Writer::TableComment(const plan::TableDef& table) const {
  if (!options_.script_comments) return {};
  std::vector<std::string> columns;
  for (const plan::ColumnDef& column : table.columns) {
    const std::string text = ColumnComment(column);
    if (!text.empty()) columns.push_back("Column " + QuoteName(column.name) + text);
  }
  Comment comment;
  const bool extensions = options_.script_extensions;
  if (extensions && table.kind != plan::TableKind::kUnmarked) {
    comment.Add(table.kind == plan::TableKind::kFact ? "FACT" : "DIMENSION");
  }
  if (options_.script_guids || !columns.empty()) {
    comment.Add("Table " + QuoteName(table.name) + Guid(table.guid));
  }
  for (const std::string& column : columns) comment.Add(column);
  if (extensions && table.partition) {
    std::string line = "PARTITION BY HASH  (" + std::to_string(table.partition->shards) + ')';
    if (!table.partition->key.empty()) {
      line += " KEY (" + Names(table, table.partition->key, " ,") + " )";
    }
    comment.Add(line);
  }
  if (options_.script_schema_versions && table.live_schema_version > 0) {
    comment.Add("Live Schema Version " + std::to_string(table.live_schema_version));
  }
  return comment.Text();
}

bool Writer::Table(const std::string& schema, const plan::TableDef& table) {
  std::string text = TableComment(table) + "CREATE ";
  if (options_.script_extensions) text += MarkText(table.kind);
  text += "TABLE " + QuoteName(schema) + '.' + QuoteName(table.name) + " (\n";
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (i > 0) text += ",\n";
    text += "    " + QuoteName(table.columns[i].name) + ' ' + TypeText(table.columns[i].type);
  }
  if (!table.primary_key.empty()) {
    text += ",\n    PRIMARY KEY (" + Names(table, table.primary_key, ", ") + ')';
  }
  text += "\n)";
  if (options_.script_extensions && table.partition) {
    text += "\nPARTITION BY HASH (" + std::to_string(table.partition->shards) + ')';
    if (!table.partition->key.empty()) {
      text += " KEY (" + Names(table, table.partition->key, ", ") + ')';
    }
  }
  return Part(text + ";\n");
}

std::string Writer::Target(const ScriptSource::Place& place) const {
  std::string name = QuoteName(place.schema) + '.' + QuoteName(place.table->name);
  return options_.add_database ? QuoteName(place.database) + '.' + name : name;
}

bool Writer::References(const std::string& owner, const std::string& database,
                        const plan::TableDef& table, Reach reach) {
  const auto place_of = [&](plan::Id target) -> const ScriptSource::Place* {
    const ScriptSource::Place& place = source_.targets.at(target);
    return (place.database == database) == (reach == Reach::kSameDatabase) ? &place : nullptr;
  };
  std::string keys;
  for (const plan::ForeignKeyDef& key : table.foreign_keys) {
    const ScriptSource::Place* place = place_of(key.target_table);
    if (place == nullptr) continue;
    keys += keys.empty() ? "ALTER TABLE " + owner + " ADD " : ", ";
    keys += "CONSTRAINT ";
    if (!key.name.empty()) keys += QuoteName(key.name) + ' ';
    keys += "FOREIGN KEY (" + Names(table, key.columns, ", ") + ") REFERENCES " + Target(*place) +
            " (" + Names(*place->table, key.target_columns, ", ") + ')';
  }
  if (!keys.empty() && !Part(keys + ";\n")) return false;
  for (const plan::RelationshipDef& relationship : table.relationships) {
    const ScriptSource::Place* place = place_of(relationship.target_table);
    if (place == nullptr) continue;
    std::string text = "ALTER TABLE " + owner + " ADD RELATIONSHIP ";
    if (!relationship.name.empty()) text += QuoteName(relationship.name) + ' ';
    text += "WITH " + Target(*place) + " AS " + relationship.condition;
    if (!Part(text + ";\n")) return false;
  }
  return true;
}

bool Writer::Database(const ScriptSource::Database& database, ScriptFrame frame) {
  if (frame == ScriptFrame::kDatabases) {
    const std::string name = QuoteName(database.def.name);
    const std::string comment = GuidComment("Database", database.def.name, database.def.guid);
    if (!Part(comment + "CREATE DATABASE " + name + ";\n\nUSE " + name + ";\n")) return false;
  }
  for (const ScriptSource::Schema& schema : database.schemas) {
    if (frame != ScriptFrame::kTable) {
      const std::string comment = GuidComment("Schema", schema.def.name, schema.def.guid);
      if (!Part(comment + "CREATE SCHEMA " + QuoteName(schema.def.name) + ";\n")) return false;
    }
    for (const plan::TablePtr& table : schema.tables) {
      if (!Table(schema.def.name, *table)) return false;
    }
  }
  for (const ScriptSource::Schema& schema : database.schemas) {
    for (const plan::TablePtr& table : schema.tables) {
      const std::string owner = QuoteName(schema.def.name) + '.' + QuoteName(table->name);
      if (!References(owner, database.def.name, *table, Reach::kSameDatabase)) return false;
    }
  }
  return true;
}

bool Writer::ForeignReferences() {
  for (const ScriptSource::Database& database : source_.databases) {
    for (const ScriptSource::Schema& schema : database.schemas) {
      for (const plan::TablePtr& table : schema.tables) {
        const std::string owner = QuoteName(database.def.name) + '.' + QuoteName(schema.def.name) +
                                  '.' + QuoteName(table->name);
        if (!References(owner, database.def.name, *table, Reach::kOtherDatabase)) return false;
      }
    }
  }
  return true;
}

}  // namespace

void ScriptSource::AddSchema(const CatalogState& catalog, const CatalogState::Schema& schema) {
  BeginSchema(catalog, schema);
  for (const auto& [id, table] : schema.tables) Add(catalog, table);
}

void ScriptSource::AddTable(const CatalogState& catalog, const plan::TablePtr& table) {
  BeginSchema(catalog, *catalog.FindSchema(table->schema_id));
  Add(catalog, table);
}

void ScriptSource::AddDatabase(const CatalogState& catalog,
                               const CatalogState::Database& database) {
  databases.push_back({database.def, {}});
  for (const auto& [id, schema] : database.schemas) AddSchema(catalog, schema);
}

void ScriptSource::BeginSchema(const CatalogState& catalog, const CatalogState::Schema& schema) {
  if (databases.empty() || databases.back().def.id != schema.def.database_id) {
    databases.push_back({catalog.databases().at(schema.def.database_id).def, {}});
  }
  databases.back().schemas.push_back({schema.def, {}});
}

void ScriptSource::Add(const CatalogState& catalog, const plan::TablePtr& table) {
  databases.back().schemas.back().tables.push_back(table);
  const auto add = [&](plan::Id id) {
    const auto [entry, added] = targets.try_emplace(id);
    if (!added) return;
    const plan::TablePtr target = catalog.FindTable(id);
    const CatalogState::Schema& schema = *catalog.FindSchema(target->schema_id);
    entry->second = {catalog.databases().at(schema.def.database_id).def.name, schema.def.name,
                     target};
  };
  for (const plan::ForeignKeyDef& key : table->foreign_keys) add(key.target_table);
  for (const auto& relationship : table->relationships) add(relationship.target_table);
}

void WriteScript(const ScriptSource& source, ScriptFrame frame, const ScriptingOptions& options,
                 const std::function<bool(std::string_view)>& write) {
  Writer writer(source, options, write);
  for (const ScriptSource::Database& database : source.databases) {
    if (!writer.Database(database, frame)) return;
  }
  writer.ForeignReferences();
}

}  // namespace tql::engine

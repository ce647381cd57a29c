// Reads the comment that SCRIPT writes before a definition.
#ifndef TQLKIT_MOCKSERVER_ENGINE_SCRIPT_COMMENT_H_
#define TQLKIT_MOCKSERVER_ENGINE_SCRIPT_COMMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/plan/schema.h"

namespace tql::engine {

/// Properties that the definition itself cannot express.
struct ScriptComment {
  struct Column {
    std::string name;
    std::string guid;                         // Empty if not given.
    std::string parsing_hint;                 // Empty if not given.
    std::optional<std::string> default_text;  // As ColumnDef::default_text.
    std::string compression;                  // "AUTO", "DISABLED"; empty if not given.
  };
  std::string guid;  // Of the database, schema or table.
  std::vector<Column> columns;
  std::int64_t live_schema_version = 0;
};

/// The compression at the end of a column's comment: "AUTO", "DISABLED" or empty.
std::string_view CompressionAtEnd(std::string_view text);

/// Reads the last comment in the preamble of a statement. Skips unknown lines and invalid guids.
ScriptComment ReadScriptComment(std::string_view preamble);

/// Applies the comment to a new table and, by name, to its columns. Ignores hints and defaults that
/// are invalid for the column's type. A date-like column without a hint in the comment gets none.
void ApplyScriptComment(const ScriptComment& comment, plan::TableDef& table);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_SCRIPT_COMMENT_H_

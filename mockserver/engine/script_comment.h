// Reads what SCRIPT writes into the comment before a definition (reference §5.3, §6.8).
#ifndef TQLKIT_MOCKSERVER_ENGINE_SCRIPT_COMMENT_H_
#define TQLKIT_MOCKSERVER_ENGINE_SCRIPT_COMMENT_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/plan/schema.h"

namespace tql::engine {

/// What the statement behind it cannot say.
struct ScriptComment {
  struct Column {
    std::string name;
    std::string guid;                         // empty: not said
    std::string parsing_hint;                 // empty: not said
    std::optional<std::string> default_text;  // as ColumnDef has it
    std::string compression;                  // "AUTO", "DISABLED"; empty: not said
  };
  std::string guid;  // of the database, schema or table
  std::vector<Column> columns;
  std::int64_t live_schema_version = 0;
};

/// The compression that the text of a column's comment ends with: "AUTO", "DISABLED" or nothing.
std::string_view CompressionAtEnd(std::string_view text);

/// Reads the last comment of what stands before a statement. Lines that say nothing it knows are
/// skipped, and so is a guid that is none.
ScriptComment ReadScriptComment(std::string_view preamble);

/// Gives a new table, and its columns by their names, what the comment says of them. A hint or a
/// default that does not fit the column's type is left out. A date-like column of which the comment
/// names no hint has none.
void ApplyScriptComment(const ScriptComment& comment, plan::TableDef& table);

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_SCRIPT_COMMENT_H_

// SCRIPT.
#include <string>
#include <string_view>

#include "mockserver/engine/builtins.h"
#include "mockserver/engine/execute.h"
#include "mockserver/engine/script_writer.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

StatusOr<ScriptSource> ScriptSourceOf(const StatementContext& statement,
                                      const dialect::Script& node) {
  ScriptSource source;
  const Context& context = statement.request.context;
  const Catalog::Reader catalog = statement.catalog.Read();
  switch (node.scope) {
    case dialect::Scope::kServer:
      // A script with the built-in databases could not be replayed: every server has them.
      for (const auto& [id, database] : catalog->databases()) {
        if (!IsBuiltIn(database.def.name)) source.AddDatabase(*catalog, database);
      }
      break;
    case dialect::Scope::kDatabase: {
      const auto database = catalog->ResolveDatabase(&node.name.last(), context);
      if (!database.ok()) return statement.At(database.status(), node.name.range);
      source.AddDatabase(*catalog, **database);
      break;
    }
    case dialect::Scope::kSchema: {
      const auto schema = catalog->ResolveSchema(node.name, context);
      if (!schema.ok()) return statement.At(schema.status(), node.name.range);
      source.AddSchema(*catalog, **schema);
      break;
    }
    case dialect::Scope::kTable: {
      const auto table = catalog->ResolveTable(node.name, context);
      if (!table.ok()) return statement.At(table.status(), node.name.range);
      source.AddTable(*catalog, *table);
      break;
    }
  }
  return source;
}

ScriptFrame FrameOf(dialect::Scope scope) {
  switch (scope) {
    case dialect::Scope::kServer:
    case dialect::Scope::kDatabase:
      break;
    case dialect::Scope::kSchema:
      return ScriptFrame::kSchema;
    case dialect::Scope::kTable:
      return ScriptFrame::kTable;
  }
  return ScriptFrame::kDatabases;
}

}  // namespace

/// Each object of the script is a row of the result. In a message, the row separator replaces the
/// newline at its end.
Status Execute(const StatementContext& statement, const dialect::Script& node) {
  StatementWriter& writer = statement.writer;
  const StatementOptions& options = statement.request.options;
  TQL_ASSIGN_OR_RETURN(const ScriptSource source, ScriptSourceOf(statement, node));
  TQL_RETURN_IF_ERROR(writer.CheckSeparators());
  const bool as_rows = !options.format_output;
  if (as_rows) {
    const Column column{"Script", {.kind = values::TypeKind::kVarchar}};
    TQL_RETURN_IF_ERROR(writer.WriteHeader({&column, 1}));
  }
  const auto write = [&](std::string_view part) {
    TQL_RETURN_IF_ERROR(statement.request.cancellation.Check());
    if (as_rows) return writer.WriteRow({&part, 1});
    part.remove_suffix(1);
    return writer.WriteInfo(std::string(part) + options.format.row_separator);
  };
  Status written;
  WriteScript(source, FrameOf(node.scope), options.scripting, [&](std::string_view part) {
    written = write(part);
    return written.ok();
  });
  TQL_RETURN_IF_ERROR(written);
  return writer.Finish();
}

}  // namespace tql::engine

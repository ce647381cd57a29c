// SCRIPT.
#include "mockserver/engine/builtins.h"
#include "mockserver/engine/errors.h"
#include "mockserver/engine/executor.h"
#include "mockserver/engine/script_writer.h"
#include "mockserver/engine/status_macros.h"

namespace tql::engine {

StatusOr<ScriptSource> Executor::ScriptSourceOf(const dialect::Script& node) const {
  ScriptSource source;
  const Catalog::Reader catalog = catalog_.Read();
  switch (node.scope) {
    case dialect::Scope::kServer:
      // Every server has the built-in ones: a script with them could not be replayed.
      for (const auto& [id, database] : catalog->databases()) {
        if (!IsBuiltIn(database.def.name)) source.AddDatabase(*catalog, database);
      }
      break;
    case dialect::Scope::kDatabase: {
      const auto database = catalog->ResolveDatabase(&node.name.last(), request_.context);
      if (!database.ok()) return At(database.status(), node.name.range);
      source.AddDatabase(*catalog, **database);
      break;
    }
    case dialect::Scope::kSchema: {
      const auto schema = catalog->ResolveSchema(node.name, request_.context);
      if (!schema.ok()) return At(schema.status(), node.name.range);
      source.AddSchema(*catalog, **schema);
      break;
    }
    case dialect::Scope::kTable: {
      const auto table = catalog->ResolveTable(node.name, request_.context);
      if (!table.ok()) return At(table.status(), node.name.range);
      source.AddTable(*catalog, *table);
      break;
    }
  }
  return source;
}

/// An object of a script is a row of the answer: the end of its last line is that of the row.
std::string Executor::WithRowSeparator(std::string_view part) const {
  return std::string(part.substr(0, part.size() - 1)) + request_.options.format.row_separator;
}

Status Executor::Execute(const dialect::Script& node) {
  TQL_ASSIGN_OR_RETURN(const ScriptSource source, ScriptSourceOf(node));
  TQL_RETURN_IF_ERROR(CheckSeparators());
  if (!Begin(request_.context)) return errors::ClientGone();
  const ScriptFrame frame = node.scope == dialect::Scope::kTable    ? ScriptFrame::kTable
                            : node.scope == dialect::Scope::kSchema ? ScriptFrame::kSchema
                                                                    : ScriptFrame::kDatabases;
  const bool as_rows = !request_.options.format_output;
  if (as_rows) {
    const Column column{"Script", {.kind = values::TypeKind::kVarchar}};
    if (!sink_.Header({&column, 1})) return errors::ClientGone();
  }
  Status stopped;
  WriteScript(source, frame, request_.options.scripting, [&](std::string_view part) {
    stopped = request_.cancellation.Check();
    if (!stopped.ok()) return false;
    const bool taken =
        as_rows ? sink_.Row({&part, 1}) : sink_.Message(MessageType::kInfo, WithRowSeparator(part));
    if (!taken) stopped = errors::ClientGone();
    return taken;
  });
  return stopped.ok() ? Finish() : stopped;
}

}  // namespace tql::engine

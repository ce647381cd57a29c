#include "tools/tql/dry_run.h"

#include <cerrno>
#include <cstring>
#include <string>

#include "mockserver/dialect/parser.h"
#include "tools/tql/meta_commands.h"

namespace tql::shell {
namespace {

std::string WithPlace(const Status& status) {
  const TextPlace* place = status.place();
  if (place == nullptr) return status.message();
  return status.message() + " at line " + std::to_string(place->line) + ", column " +
         std::to_string(place->column);
}

}  // namespace

ExitCode DryRun(const Settings& settings, const std::vector<Input>& inputs, Output& out,
                Output& err) {
  const bool parse = !settings.statement.use_postgres_sql_parser.value_or(false);
  Runner runner;
  runner.keep_going = true;
  runner.done = [&] { return out.broken(); };
  const auto show = [&](const std::string& text) {
    out.WriteText(text + "\n");
    out.Flush();
  };
  const auto refuse = [&](const std::string& mistake, const std::string& statement,
                          const Source* source) {
    WriteError(err, settings.color, mistake + "\n", statement, source);
    err.Flush();
    return ExitCode::kStatementFailed;
  };
  const auto check = [&](const std::string& statement, const Source* source) {
    if (!parse) return ExitCode::kOk;
    const auto parsed = dialect::ParseStatement(statement);
    return parsed.ok() ? ExitCode::kOk : refuse(WithPlace(parsed.status()), statement, source);
  };
  runner.run = [&](const std::string& statement, const Source* source) {
    show(statement + ";");
    return check(statement, source);
  };
  runner.command = [&](const std::string& command, const std::string& begun,
                       const Source* source) -> CommandEnd {
    const bool takes = MetaCommands::TakesStatement(command) && !begun.empty();
    show(takes ? begun + " " + command : command);
    const std::string mistake = MetaCommands::MistakeIn(command);
    if (!mistake.empty()) return {.code = refuse(mistake, "", source)};
    return {.code = takes ? check(begun, source) : ExitCode::kOk, .took_statement = takes};
  };
  const ExitCode code = RunBatch(runner, inputs);
  if (!out.broken() || out.error() == EPIPE) return code;
  err.WriteText("tql: cannot write: " + std::string(std::strerror(out.error())) + "\n");
  return ExitCode::kUsage;
}

}  // namespace tql::shell

#include "tools/tql/dry_run.h"

#include <cerrno>
#include <cstring>
#include <string>

#include "mockserver/dialect/parser.h"

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
  runner.run = [&](const std::string& statement, const Source* source) {
    out.WriteText(statement + ";\n");
    out.Flush();
    if (!parse) return ExitCode::kOk;
    const auto parsed = dialect::ParseStatement(statement);
    if (parsed.ok()) return ExitCode::kOk;
    err.WriteText(ErrorText(WithPlace(parsed.status()) + "\n", statement, source));
    err.Flush();
    return ExitCode::kStatementFailed;
  };
  const ExitCode code = RunBatch(runner, inputs);
  if (!out.broken() || out.error() == EPIPE) return code;
  err.WriteText("tql: cannot write: " + std::string(std::strerror(out.error())) + "\n");
  return ExitCode::kUsage;
}

}  // namespace tql::shell

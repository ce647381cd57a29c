// Printing whole tables as CSV with our shell, against other shells and a Python client.
#include <functional>

#include "tools/tqlbench/bench.h"
#include "tools/tqlbench/measurements.h"
#include "tools/tqlbench/programs.h"

namespace tqlbench {
namespace {

/// Runs our shell and `peer` in turn, each from exec to exit, and records the ratio for `target`.
tql::Status CompareShell(Bench& bench, std::string_view name, std::string_view target,
                         const std::vector<std::string>& peer) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  const std::vector<std::string> own = CsvShell(bench.options().tql, **server);
  const auto rows = static_cast<double>(bench.options().rows);
  return ForEachPair(bench, name, [&]() -> tql::Status {
    const auto ours = TimeProgram(own, Process::Output::kNull, kPasswordVariable);
    if (!ours) return ours.status();
    const auto theirs = TimeProgram(peer, Process::Output::kNull, kPasswordVariable);
    if (!theirs) return theirs.status();
    bench.recorder().Add(target, *theirs / *ours);
    bench.recorder().Detail("tql --format csv", "rows/s", rows / *ours);
    bench.recorder().Detail(name, "rows/s", rows / *theirs);
    return {};
  });
}

}  // namespace

tql::Status MeasureShell(Bench& bench) {
  const auto file = bench.SqliteFile();
  if (!file) return file.status();
  return CompareShell(bench, "sqlite3 -csv, a process", "select/shell",
                      SqliteShell(bench, "csv", *file));
}

tql::Status MeasurePsql(Bench& bench) {
  if (bench.options().postgres.empty()) {
    bench.recorder().Skip("select/psql", "no PostgreSQL is installed");
    return {};
  }
  const auto postgres = bench.LoadedPostgres();
  if (!postgres) return postgres.status();
  return CompareShell(bench, "psql --csv", "select/psql", (*postgres)->Psql(kSelectAll, {"--csv"}));
}

tql::Status MeasurePythonClient(Bench& bench) {
  auto server = bench.LoadedServer();
  if (!server) return server.status();
  return CompareShell(bench, "python_client.py", "select/python-client",
                      {bench.options().python, bench.options().script_folder + "/python_client.py",
                       (*server)->http_url(), std::string(kDatabase), kSelectAll});
}

}  // namespace tqlbench

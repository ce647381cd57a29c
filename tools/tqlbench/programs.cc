#include "tools/tqlbench/programs.h"

namespace tqlbench {

std::vector<std::string> SqliteShell(const Bench& bench, std::string_view mode,
                                     const std::string& file, const std::string& statement) {
  return {bench.options().sqlite3, "-readonly", "-" + std::string(mode), file, statement};
}

std::vector<std::string> CsvShell(const std::string& tql, const Server& server) {
  return {tql,        server.http_url() + "/" + std::string(kDatabase),
          "--user",   std::string(kUser),
          "--format", "csv",
          "--top",    "0",
          "-c",       kSelectAll};
}

tql::StatusOr<double> TimeProgram(const std::vector<std::string>& argv, Process::Output output,
                                  const std::vector<std::string>& environment) {
  tql::Status status;
  std::uint64_t bytes = 1;
  const double seconds = TimeOf([&] {
    auto process = Process::Start(argv, output, environment);
    if (process && output == Process::Output::kPipe) bytes = process->Drain();
    status = process ? process->Wait() : process.status();
  });
  if (!status.ok()) return status;
  if (bytes == 0) return tql::InternalError(argv[0] + " printed nothing");
  return seconds;
}

}  // namespace tqlbench

// One run: its options, the resources that its measurements share, and their results.
#ifndef TOOLS_TQLBENCH_BENCH_H_
#define TOOLS_TQLBENCH_BENCH_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tqlbench/postgres_peer.h"
#include "tools/tqlbench/recorder.h"
#include "tools/tqlbench/server.h"
#include "tql/status.h"

namespace tqlbench {

struct BenchOptions {
  std::uint64_t rows = 1'000'000;
  int pairs = 5;
  std::vector<std::string> only;  // Names of measurements; empty: all.
  bool check = false;
  std::string json_file;
  double load_seconds = 2;
  int idle_connections = 1000;
  int forks = 1000;
  std::string tqlmockd;  // Paths of programs; empty: beside tqlbench.
  std::string tql;
  std::string against;  // the folder of another build's programs; empty: the usual measurements
  std::string sqlite3 = "sqlite3";
  std::string python = "python3";
  std::string node = "node";
  std::string postgres;       // The folder of initdb and psql; empty: the newest version, if any.
  std::string script_folder;  // The folder of json_loads.py and others.
};

/// The numbers of rows in the large and the small result for measuring memory.
inline constexpr std::uint64_t kManyRows = 5'000'000;
inline constexpr std::uint64_t kFewRows = 50'000;

class Bench {
 public:
  explicit Bench(BenchOptions options);
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench();  // Removes the working folder.

  const BenchOptions& options() const { return options_; }
  Recorder& recorder() { return recorder_; }
  /// Prints a progress line to standard error; on a terminal it replaces the previous one.
  void Progress(std::string_view what);

  /// The server with the table; started and filled by the first call.
  tql::StatusOr<Server*> LoadedServer() { return LoadedServer(options_.tqlmockd); }
  /// The same for the `tqlmockd` of another build.
  tql::StatusOr<Server*> LoadedServer(const std::string& tqlmockd);
  /// The SQLite file with the same table; created by the first call.
  tql::StatusOr<std::string> SqliteFile();
  /// PostgreSQL with the same table; started and filled by the first call.
  tql::StatusOr<Postgres*> LoadedPostgres();
  /// The path of a file in a folder that exists until the end of the run.
  tql::StatusOr<std::string> WorkFile(std::string_view name);
  /// The factor by which the table `times` multiplies rows to reach kManyRows.
  std::uint64_t times() const { return (kManyRows + options_.rows - 1) / options_.rows; }

 private:
  BenchOptions options_;
  Recorder recorder_;
  bool terminal_;
  std::string folder_;
  std::string sqlite_file_;
  std::map<std::string, Server> servers_;  // by program
  std::unique_ptr<Postgres> postgres_;
};

/// Runs `body` for each pair and prints a progress line for each.
tql::Status ForEachPair(Bench& bench, std::string_view name,
                        const std::function<tql::Status()>& body);

/// Runs `work` and returns how many seconds it took.
template <typename Work>
double TimeOf(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_BENCH_H_

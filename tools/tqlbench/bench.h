// One run: its options, what its measurements share, and what they found.
#ifndef TOOLS_TQLBENCH_BENCH_H_
#define TOOLS_TQLBENCH_BENCH_H_

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
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
  std::vector<std::string> only;  // names of measurements; empty: all
  bool check = false;
  std::string json_file;
  double load_seconds = 2;
  std::string tqlmockd;  // programs; empty: beside tqlbench
  std::string tql;
  std::string sqlite3 = "sqlite3";
  std::string python = "python3";
  std::string postgres;       // the folder of initdb and psql; empty: the newest, if any
  std::string script_folder;  // where json_loads.py and python_client.py are
};

/// The rows of the large and the small result that memory is measured with.
inline constexpr std::uint64_t kManyRows = 5'000'000;
inline constexpr std::uint64_t kFewRows = 50'000;

class Bench {
 public:
  explicit Bench(BenchOptions options);
  Bench(const Bench&) = delete;
  Bench& operator=(const Bench&) = delete;
  ~Bench();  // removes the working folder

  const BenchOptions& options() const { return options_; }
  Recorder& recorder() { return recorder_; }
  /// A line on standard error that says what is going on; on a terminal it replaces the last one.
  void Progress(std::string_view what);

  /// The server with the table, started and filled when first asked for.
  tql::StatusOr<Server*> LoadedServer();
  /// The SQLite file with the same table, made when first asked for.
  tql::StatusOr<std::string> SqliteFile();
  /// PostgreSQL with the same table, started and filled when first asked for.
  tql::StatusOr<Postgres*> LoadedPostgres();
  /// The path of a file in a folder that lasts as long as the run.
  tql::StatusOr<std::string> WorkFile(std::string_view name);
  /// The factor by which the table `times` multiplies rows to reach kManyRows.
  std::uint64_t times() const { return (kManyRows + options_.rows - 1) / options_.rows; }

 private:
  BenchOptions options_;
  Recorder recorder_;
  bool terminal_;
  std::string folder_;
  std::string sqlite_file_;
  std::optional<Server> server_;
  std::unique_ptr<Postgres> postgres_;
};

/// Runs `body` for each pair, with a progress line that says which.
tql::Status ForEachPair(Bench& bench, std::string_view name,
                        const std::function<tql::Status()>& body);

/// The seconds that `work` takes.
template <typename Work>
double TimeOf(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_BENCH_H_

#include "tools/tqlbench/bench.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "tools/tqlbench/sqlite_peer.h"

namespace tqlbench {

Bench::Bench(BenchOptions options)
    : options_(std::move(options)), terminal_(::isatty(STDERR_FILENO) != 0) {
  if (options_.tqlmockd.empty()) options_.tqlmockd = ProgramFolder() + "/tqlmockd";
  if (options_.tql.empty()) options_.tql = ProgramFolder() + "/tql";
  if (options_.postgres.empty()) options_.postgres = PostgresPrograms();
  if (options_.script_folder.empty()) options_.script_folder = ProgramFolder() + "/../share/tqlkit";
}

Bench::~Bench() {
  if (terminal_) std::cerr << "\r\x1b[K";
  std::error_code ignored;
  if (!folder_.empty()) std::filesystem::remove_all(folder_, ignored);
}

void Bench::Progress(std::string_view what) {
  std::cerr << (terminal_ ? "\r\x1b[K" : "") << "tqlbench: " << what << (terminal_ ? "" : "\n")
            << std::flush;
}

tql::StatusOr<std::string> Bench::WorkFile(std::string_view name) {
  if (folder_.empty()) {
    std::string pattern = (std::filesystem::temp_directory_path() / "tqlbench.XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) {
      return tql::InternalError("cannot make a folder for temporary files");
    }
    folder_ = pattern;
  }
  return folder_ + "/" + std::string(name);
}

tql::StatusOr<Server*> Bench::LoadedServer(const std::string& tqlmockd) {
  if (const auto found = servers_.find(tqlmockd); found != servers_.end()) return &found->second;
  auto server = Server::Start(tqlmockd);
  if (!server) return server.status();
  auto session = Session::Login(server->http_port());
  if (!session) return session.status();
  tql::Status loaded;
  const double seconds = TimeOf([&] {
    loaded = LoadLineitem(*session, options_.rows, times(), [&](std::uint64_t done) {
      if (done % 100'000 == 0) Progress("rows inserted: " + std::to_string(done));
    });
  });
  if (!loaded.ok()) return loaded;
  recorder_.Detail("INSERT, 2,000 rows a statement, over HTTP", "rows/s",
                   static_cast<double>(options_.rows) / seconds);
  return &servers_.emplace(tqlmockd, std::move(*server)).first->second;
}

tql::StatusOr<std::string> Bench::SqliteFile() {
  if (!sqlite_file_.empty()) return sqlite_file_;
  Progress("making the SQLite file");
  auto path = WorkFile("peer.db");
  if (!path) return path.status();
  if (tql::Status status = MakeSqliteFile(*path, options_.rows); !status.ok()) return status;
  sqlite_file_ = *path;
  return sqlite_file_;
}

tql::StatusOr<Postgres*> Bench::LoadedPostgres() {
  if (postgres_ != nullptr) return postgres_.get();
  Progress("filling PostgreSQL");
  auto started = Postgres::Start(options_.postgres);
  if (!started) return started.status();
  if (tql::Status status = (*started)->LoadLineitem(options_.rows); !status.ok()) return status;
  postgres_ = std::move(*started);
  return postgres_.get();
}

tql::Status ForEachPair(Bench& bench, std::string_view name,
                        const std::function<tql::Status()>& body) {
  const int pairs = bench.options().pairs;
  for (int pair = 1; pair <= pairs; ++pair) {
    bench.Progress(std::string(name) + " " + std::to_string(pair) + "/" + std::to_string(pairs));
    if (tql::Status status = body(); !status.ok()) return status;
  }
  return {};
}

}  // namespace tqlbench

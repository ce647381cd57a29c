// The peer of the shell: the same rows in a separate PostgreSQL, printed by psql over local TCP.
// The peer of forks: its databases made from a template.
#ifndef TOOLS_TQLBENCH_POSTGRES_PEER_H_
#define TOOLS_TQLBENCH_POSTGRES_PEER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tools/tqlbench/process.h"
#include "tql/status.h"

namespace tqlbench {

/// The folder of initdb, postgres and psql of the newest version installed from Debian's packages;
/// empty if none is installed.
std::string PostgresPrograms();

/// A cluster in a temporary folder, listening on a free port of 127.0.0.1. The destructor stops and
/// removes it. PostgreSQL refuses to run as root, so for root it runs as the user postgres.
class Postgres {
 public:
  /// Creates and starts the cluster; `programs` is the folder of initdb.
  static tql::StatusOr<std::unique_ptr<Postgres>> Start(const std::string& programs);
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;
  ~Postgres();

  /// Creates the table lineitem in the database "postgres", copies `rows` rows into it and vacuums
  /// it, so that readers need not; and an empty table `times`.
  tql::Status LoadLineitem(std::uint64_t rows);
  /// The psql command line that runs a statement with these additional options.
  std::vector<std::string> Psql(const std::string& statement,
                                const std::vector<std::string>& options = {}) const;
  /// The psql command line for a database, with these additional options.
  std::vector<std::string> PsqlOf(const std::string& database,
                                  const std::vector<std::string>& options) const;

  /// Runs `pgbench -M prepared` with the script file and returns the transactions per second.
  tql::StatusOr<double> Pgbench(const std::string& script, int connections, double seconds) const;

 private:
  explicit Postgres(std::string programs) : programs_(std::move(programs)) {}
  tql::Status MakeFolder();
  tql::Status RunServer();
  tql::Status WaitUntilReady() const;
  std::vector<std::string> Command(std::vector<std::string> argv) const;

  std::string programs_;
  std::string folder_;
  std::uint16_t port_ = 0;
  std::vector<std::string> as_user_;  // Prefix of commands that must not run as root.
  std::unique_ptr<Process> server_;
};

/// A psql that is connected all the time, so that statements are not delayed by its start.
class PostgresSession {
 public:
  static tql::StatusOr<PostgresSession> Start(const Postgres& postgres);

  /// CREATE DATABASE … TEMPLATE of the database with the table lineitem.
  tql::Status CopyDatabase(const std::string& name);
  /// Connects to a copy, runs the statements, and connects back.
  tql::Status RunIn(const std::string& name, const std::vector<std::string>& statements);
  tql::Status DropDatabase(const std::string& name);

 private:
  explicit PostgresSession(Process psql) : psql_(std::move(psql)) {}
  /// Sends lines and waits until they are executed.
  tql::Status Execute(const std::string& lines);

  Process psql_;
};

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_POSTGRES_PEER_H_

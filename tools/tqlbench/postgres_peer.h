// The peer of the shell: the same rows in a separate PostgreSQL, printed by psql over local TCP.
#ifndef TOOLS_TQLBENCH_POSTGRES_PEER_H_
#define TOOLS_TQLBENCH_POSTGRES_PEER_H_

#include <cstdint>
#include <memory>
#include <string>
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

  /// Creates the table lineitem, copies `rows` rows into it and vacuums it, so that readers need
  /// not.
  tql::Status LoadLineitem(std::uint64_t rows);
  /// The psql command line that runs a statement with these additional options.
  std::vector<std::string> Psql(const std::string& statement,
                                const std::vector<std::string>& options = {}) const;

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

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_POSTGRES_PEER_H_

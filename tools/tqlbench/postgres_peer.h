// The peer of the shell: the same rows in a PostgreSQL of its own, printed by psql over local TCP.
#ifndef TOOLS_TQLBENCH_POSTGRES_PEER_H_
#define TOOLS_TQLBENCH_POSTGRES_PEER_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "tools/tqlbench/process.h"
#include "tql/status.h"

namespace tqlbench {

/// The folder of initdb, postgres and psql of the newest version that Debian's packages have laid
/// down; empty when there is none.
std::string PostgresPrograms();

/// A cluster in a folder of its own, listening on a free port of 127.0.0.1. Stopped and removed by
/// the destructor. PostgreSQL refuses root, so for root it runs as the user postgres.
class Postgres {
 public:
  /// Makes and starts the cluster; `programs` is where initdb is.
  static tql::StatusOr<std::unique_ptr<Postgres>> Start(const std::string& programs);
  Postgres(const Postgres&) = delete;
  Postgres& operator=(const Postgres&) = delete;
  ~Postgres();

  /// Creates the table lineitem, copies `rows` rows into it and leaves nothing to be cleaned up by
  /// those who read it.
  tql::Status LoadLineitem(std::uint64_t rows);
  /// The command line of psql that runs a statement with these further options.
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
  std::vector<std::string> as_user_;  // what a command begins with, so that it is not root's
  std::unique_ptr<Process> server_;
};

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_POSTGRES_PEER_H_

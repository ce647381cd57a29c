// Runs cases, one after the other, against one target.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_CASE_RUNNER_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_CASE_RUNNER_H_

#include <chrono>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/tqlconform/report/secrets.h"
#include "tools/tqlconform/server/target.h"
#include "tools/tqlconform/suite/messages.h"
#include "tools/tqlconform/suite/variables.h"
#include "tql/status.h"

namespace tqlconform {

struct Account {
  std::string user;
  std::string password;
};

struct RunnerOptions {
  Account account;
  Account unprivileged;  // Without a name: cases that need it are skipped.
  std::chrono::milliseconds timeout{10'000};
  bool strict = false;  // INFERRED and MAY are failed, too.
};

class CaseRunner {
 public:
  /// `database` is the name of the database of the cases that write. The references must outlive
  /// the runner.
  CaseRunner(const Target& target, const RunnerOptions& options, std::string database,
             const Interrupt& interrupt, Secrets* secrets);

  /// Logs in. UNAVAILABLE if the server cannot be reached or does not answer; UNAUTHENTICATED if it
  /// refuses the login.
  tql::Status Login();
  /// Creates the database at the first call, and returns the same result at later ones.
  tql::Status CreateDatabase();
  /// Drops every database whose name begins with that of the runner. Also after an interrupt,
  /// within a few seconds. The error names the databases that are left, or why they are not known.
  tql::Status DropDatabases();

  confpb::Result Run(const confpb::Case& test);
  /// Whether the server has answered the last call of the last case.
  bool answered() const { return answered_; }

 private:
  class Attempt;

  Answer Query(const std::string& text, std::chrono::milliseconds timeout,
               const Interrupt& interrupt);

  const Target& target_;
  const RunnerOptions& options_;
  const std::string database_;
  const Interrupt& interrupt_;
  const Interrupt never_{std::stop_token()};
  Secrets& secrets_;
  std::unique_ptr<Caller> caller_;
  std::string cookie_;                  // of the session of the run
  std::optional<tql::Status> created_;  // Of the database; no value: not tried.
  bool answered_ = true;
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_CASE_RUNNER_H_

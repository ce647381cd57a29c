// \copy: rows between the service and files of the person at the shell.
#ifndef TQLKIT_TOOLS_TQL_COPY_COPY_H_
#define TQLKIT_TOOLS_TQL_COPY_COPY_H_

#include <cstdint>
#include <stop_token>
#include <string>

#include "tools/tql/copy/copy_command.h"
#include "tools/tql/copy/script_data.h"
#include "tools/tql/render/progress_display.h"
#include "tools/tql/session.h"

namespace tql::shell {

/// How it ended.
struct CopyEnd {
  ExitCode code = ExitCode::kOk;
  std::uint64_t rows = 0;
  std::string error = {};      // empty when there is none
  std::string statement = {};  // that the error is about; may be empty
};

/// What both directions need. Ctrl-C stops them from Begin to the end of its life.
class Copying {
 public:
  Copying(Session& session, const CopyCommand& command);
  ~Copying();
  Copying(const Copying&) = delete;
  Copying& operator=(const Copying&) = delete;

  const std::stop_token& stop() const { return stop_; }
  /// Without what the person has set for other statements: all rows, in forms that are read again.
  RequestOptions Request() const;
  /// `percentage` as in ProgressBars.
  void ShowProgress(int percentage, std::uint64_t rows);
  void EndProgress() { progress_.Erase(); }

 private:
  Session& session_;
  const std::string label_;
  std::stop_token stop_;
  ProgressDisplay progress_;
};

/// Streams the rows into the file, which changes when all are there. Memory does not depend on
/// their number.
CopyEnd CopyTo(Session& session, const CopyCommand& command);

/// The lines behind the command that it takes; null when it takes none of them.
ScriptData* DataFor(const CopyCommand& command, ScriptData* data);

/// Sends the records of the file as INSERTs of bounded size. Rows that were stored before an error
/// stay: the service has no transactions. `data` are those of standard input; null: all of it.
CopyEnd CopyFrom(Session& session, const CopyCommand& command, ScriptData* data);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_COPY_H_

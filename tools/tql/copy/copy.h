// \copy: copies rows between the service and local files.
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

/// The result of a copy.
struct CopyEnd {
  ExitCode code = ExitCode::kOk;
  std::uint64_t rows = 0;
  std::string error = {};      // empty if there is none
  std::string statement = {};  // the statement that failed; may be empty
};

/// The state that both directions share. During its lifetime Ctrl-C stops the copy.
class Copying {
 public:
  Copying(Session& session, const CopyCommand& command);
  ~Copying();
  Copying(const Copying&) = delete;
  Copying& operator=(const Copying&) = delete;

  const std::stop_token& stop() const { return stop_; }
  /// Options for the statements of a copy: all rows, in formats that can be read again, regardless
  /// of the user's settings for other statements.
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

/// Streams the rows to the file, which is replaced when all rows have been received. Uses constant
/// memory.
CopyEnd CopyTo(Session& session, const CopyCommand& command);

/// Returns `data` if the command reads the lines of the script after it, otherwise null.
ScriptData* DataFor(const CopyCommand& command, ScriptData* data);

/// Sends the records of the file as INSERTs of limited size. Rows that were stored before an error
/// are kept, because the service has no transactions. `data` has the data in the script; null: all
/// of standard input.
CopyEnd CopyFrom(Session& session, const CopyCommand& command, ScriptData* data);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COPY_COPY_H_

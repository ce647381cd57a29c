// What must not outlive this process: programs under test, every process that they have started,
// and temporary folders. They are removed in time by their owners, and by a handler of
// std::at_quick_exit(), which a signal calls that ends the process at once.
#ifndef TQLKIT_TOOLS_TQLCONFORM_CLIENT_LEFTOVERS_H_
#define TQLKIT_TOOLS_TQLCONFORM_CLIENT_LEFTOVERS_H_

#include <sys/types.h>

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "proto/base/mutex.h"
#include "tools/process.h"
#include "tql/status.h"

namespace tqlconform {

/// Thread safety: all members.
class Leftovers {
 public:
  /// The only one: orphans, signals and exits concern the whole process.
  static Leftovers& Get();
  Leftovers(const Leftovers&) = delete;
  Leftovers& operator=(const Leftovers&) = delete;

  /// Starts a program as the leader of a process group. No other part of this process may start
  /// processes: children that are not known here are taken for orphans of the programs.
  tql::StatusOr<pid_t> Start(tql::tools::Program program);

  /// Ends a program and every process that it has started, also those that have left its process
  /// group or lost their parent. Call it once for each program. A process that has removed the
  /// mark from its environment and lost its parent is ended when no other program runs.
  tql::StatusOr<tql::tools::Ending> End(pid_t program);

  /// Makes a folder that only its owner can read.
  tql::StatusOr<std::string> MakeFolder();
  void RemoveFolder(const std::string& path);

 private:
  Leftovers();
  /// Ends the children that are not programs: with `mark` those that have it in their environment,
  /// otherwise all.
  void EndOrphans(std::string_view mark) TQL_REQUIRES(mutex_);
  /// Ends and removes everything, and keeps the lock: nothing new can be made.
  void EndAll() TQL_NO_THREAD_SAFETY_ANALYSIS;

  tql::base::Mutex mutex_;
  std::map<pid_t, std::string> programs_ TQL_GUARDED_BY(mutex_);  // And their marks.
  unsigned started_ TQL_GUARDED_BY(mutex_) = 0;
  std::set<std::string> folders_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_CLIENT_LEFTOVERS_H_

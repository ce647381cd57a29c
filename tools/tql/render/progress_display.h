// Progress bars on a terminal while a statement runs.
#ifndef TQLKIT_TOOLS_TQL_RENDER_PROGRESS_DISPLAY_H_
#define TQLKIT_TOOLS_TQL_RENDER_PROGRESS_DISPLAY_H_

#include <condition_variable>
#include <thread>

#include "proto/base/mutex.h"
#include "tools/tql/render/output.h"
#include "tools/tql/render/progress_bars.h"

namespace tql::shell {

/// Draws bars when they are due. A thread of its own draws them, so that a bar also appears if a
/// statement reports progress once and then nothing for a while. The thread starts with the first
/// bar.
///
/// Thread safety: one thread calls the methods. Between Show and Erase nothing else may be written
/// to `out`.
class ProgressDisplay {
 public:
  /// `out` must outlive this object.
  explicit ProgressDisplay(Output& out) : out_(out) {}
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  /// Starts a statement and removes all bars.
  void Begin();
  /// Adds or updates a bar. No effect unless `out` is a terminal that supports escape sequences.
  void Show(const Progress& progress);
  /// Erases the bars until the next Show.
  void Erase();

 private:
  void Run();

  Output& out_;
  base::Mutex mutex_;
  std::condition_variable changed_;
  ProgressBars bars_ TQL_GUARDED_BY(mutex_);
  bool showing_ TQL_GUARDED_BY(mutex_) = false;
  bool ending_ TQL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_PROGRESS_DISPLAY_H_

// Progress bars on a terminal while a statement runs.
#ifndef TQLKIT_TOOLS_TQL_RENDER_PROGRESS_DISPLAY_H_
#define TQLKIT_TOOLS_TQL_RENDER_PROGRESS_DISPLAY_H_

#include <condition_variable>
#include <mutex>
#include <thread>

#include "tools/tql/render/output.h"
#include "tools/tql/render/progress_bars.h"

namespace tql::shell {

/// Draws bars when they are due, by a thread of its own that starts with the first of them: a
/// statement that reports and then says nothing for a while is the one to draw a bar for.
///
/// One thread calls it. Between Show and Erase nothing else may be written to `out`.
class ProgressDisplay {
 public:
  /// `out` is borrowed.
  explicit ProgressDisplay(Output& out) : out_(out) {}
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  /// A statement begins, without bars.
  void Begin();
  /// Without effect unless `out` is a terminal that takes escapes.
  void Show(const Progress& progress);
  /// Nothing of the bars is on the terminal until the next Show.
  void Erase();

 private:
  void Run();

  Output& out_;
  std::mutex mutex_;
  std::condition_variable changed_;
  ProgressBars bars_;
  bool showing_ = false;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_PROGRESS_DISPLAY_H_

// The signals that stop a program: SIGTERM, SIGINT, and SIGHUP unless it is ignored at the start,
// as under nohup.
#ifndef TQLKIT_TOOLS_SIGNALS_H_
#define TQLKIT_TOOLS_SIGNALS_H_

#include <atomic>
#include <span>
#include <stop_token>
#include <thread>

namespace tql::tools {

/// Create once, before any other thread: the constructor blocks these signals for all later threads
/// and handles them in its own thread. The first signal requests the stop; the second ends the
/// process at once, by std::quick_exit() with the status 128 + signal, so that handlers of
/// std::at_quick_exit() can remove what must not be left behind. SIGPIPE is ignored.
class Signals {
 public:
  /// `at_once` are more signals, of which already the first ends the process at once.
  explicit Signals(std::span<const int> at_once = {});
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  /// Blocks until the stop is requested.
  void Wait() const;

 private:
  std::stop_source stop_;
  std::atomic<bool> ends_{false};  // The signal for the watcher is from the destructor.
  std::thread watcher_;
};

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_SIGNALS_H_

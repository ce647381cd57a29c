// The signals that stop a program: SIGTERM, SIGINT, and SIGHUP unless it is ignored at the start,
// as under nohup.
#ifndef TQLKIT_TOOLS_SIGNALS_H_
#define TQLKIT_TOOLS_SIGNALS_H_

#include <stop_token>
#include <thread>

namespace tql::tools {

/// Create once, before any other thread: the constructor blocks these signals for all later threads
/// and handles them in its own thread. The first signal requests the stop; the second ends the
/// process at once. SIGPIPE is ignored.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  /// Blocks until the stop is requested.
  void Wait() const;

 private:
  std::stop_source stop_;
  std::thread watcher_;
};

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_SIGNALS_H_

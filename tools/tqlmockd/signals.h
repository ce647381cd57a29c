// How the world asks tqlmockd to end: SIGTERM, SIGINT, and SIGHUP unless it is ignored from the
// start, as under nohup.
#ifndef TQLKIT_TOOLS_TQLMOCKD_SIGNALS_H_
#define TQLKIT_TOOLS_TQLMOCKD_SIGNALS_H_

#include <stop_token>
#include <thread>

namespace tqlmockd {

/// Made once, before any other thread: it blocks these signals in the threads made after it, and
/// takes them in a thread of its own. The first one requests the stop; the second ends the process
/// at once. SIGPIPE is ignored.
class Signals {
 public:
  Signals();
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  std::stop_token token() const { return stop_.get_token(); }
  /// Returns when the stop was requested.
  void Wait() const;

 private:
  std::stop_source stop_;
  std::thread watcher_;
};

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_SIGNALS_H_

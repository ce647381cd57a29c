// Handling of Ctrl-C. A thread of its own waits for SIGINT, so there is no signal handler.
#ifndef TQLKIT_TOOLS_TQL_INTERRUPTS_H_
#define TQLKIT_TOOLS_TQL_INTERRUPTS_H_

#include <memory>
#include <stop_token>
#include <thread>

#include "proto/base/mutex.h"

namespace tql::shell {

/// While a statement runs, the first SIGINT cancels it and the second one ends the program with
/// status 130. Otherwise SIGINT makes fd() readable for the prompt; without a prompt it ends the
/// program.
///
/// The program must have one object, created before any other thread, because it blocks SIGINT and
/// SIGPIPE.
class Interrupts {
 public:
  Interrupts();
  ~Interrupts();
  Interrupts(const Interrupts&) = delete;
  Interrupts& operator=(const Interrupts&) = delete;

  /// Starts a statement. SIGINT requests a stop of the returned token. A SIGINT that arrived after
  /// the prompt read the statement cancels it, too.
  std::stop_token BeginStatement();
  /// Ends the statement. Returns whether it was interrupted.
  bool EndStatement();

  /// Sets whether a prompt waits for fd(); if so, SIGINT does not end the program between
  /// statements.
  void SetPrompting(bool prompting);
  /// Sets whether another program uses the terminal and handles Ctrl-C itself; if so, SIGINT does
  /// not end this program.
  void SetPaging(bool paging);
  int fd() const { return pipe_[0]; }
  /// Clears fd(). Returns whether it was readable.
  bool Drain();
  /// Waits up to the given time for fd() to become readable, and clears it. Returns whether it was.
  bool Wait(int milliseconds);

 private:
  void Run();

  int pipe_[2] = {-1, -1};
  base::Mutex mutex_;
  std::unique_ptr<std::stop_source> running_ TQL_GUARDED_BY(mutex_);
  bool prompting_ TQL_GUARDED_BY(mutex_) = false;
  bool paging_ TQL_GUARDED_BY(mutex_) = false;
  bool ending_ TQL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_INTERRUPTS_H_

// Restores state, such as the terminal's mode, before a signal ends the program.
#ifndef TQLKIT_TOOLS_TQL_EDIT_SIGNAL_GUARD_H_
#define TQLKIT_TOOLS_TQL_EDIT_SIGNAL_GUARD_H_

namespace tql::shell {

/// During its lifetime, every signal that ends the program calls `restore` first, except SIGKILL,
/// and Ctrl-C, which a thread of its own handles. `restore` must be async-signal-safe, and may be
/// called when nothing has to be restored. Objects may be nested up to four deep and must be
/// created by one thread.
class SignalGuard {
 public:
  explicit SignalGuard(void (*restore)());
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  /// Calls the functions of all objects, innermost first, before the program exits immediately. May
  /// be called from any thread.
  static void RestoreAll();
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_SIGNAL_GUARD_H_

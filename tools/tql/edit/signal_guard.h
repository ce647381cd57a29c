// What must be put right before a signal ends the program.
#ifndef TQLKIT_TOOLS_TQL_EDIT_SIGNAL_GUARD_H_
#define TQLKIT_TOOLS_TQL_EDIT_SIGNAL_GUARD_H_

namespace tql::shell {

/// While it lives, any signal that ends the program calls `restore` first: except SIGKILL, and
/// Ctrl-C, which has a thread of its own. `restore` may do what a signal handler may, and may be
/// called when nothing has to be restored. Objects are nested, at most four deep; one thread makes
/// them.
class SignalGuard {
 public:
  explicit SignalGuard(void (*restore)());
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;

  /// Calls the functions of all objects, the innermost first: for a program that ends at once. May
  /// be called from any thread.
  static void RestoreAll();
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_SIGNAL_GUARD_H_

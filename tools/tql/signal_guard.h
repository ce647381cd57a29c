// What must be put right before a signal ends the program.
#ifndef TQLKIT_TOOLS_TQL_SIGNAL_GUARD_H_
#define TQLKIT_TOOLS_TQL_SIGNAL_GUARD_H_

namespace tql::shell {

/// While it lives, any signal that ends the program calls `restore` first: but SIGKILL, which
/// nobody can, and Ctrl-C, which has a thread of its own. `restore` may do what a signal handler
/// may, and may be called when there is nothing to restore. One object at a time.
class SignalGuard {
 public:
  explicit SignalGuard(void (*restore)());
  ~SignalGuard();
  SignalGuard(const SignalGuard&) = delete;
  SignalGuard& operator=(const SignalGuard&) = delete;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_SIGNAL_GUARD_H_

// The terminal in raw mode: input is received byte by byte and is not echoed.
#ifndef TQLKIT_TOOLS_TQL_EDIT_RAW_TERMINAL_H_
#define TQLKIT_TOOLS_TQL_EDIT_RAW_TERMINAL_H_

#include <string_view>

#include "tools/tql/edit/layout.h"
#include "tools/tql/edit/signal_guard.h"

namespace tql::shell {

/// Puts standard input and output into raw mode during its lifetime. The destructor, and any signal
/// that ends the program except SIGKILL, restores the terminal. Ctrl-C, Ctrl-Z and Ctrl-\ are
/// received as bytes, and pastes are marked (bracketed paste). At most one object may exist. Thread
/// safety: one thread.
class RawTerminal {
 public:
  RawTerminal();
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  /// A descriptor that becomes readable when the size of the terminal has changed (SIGWINCH) or the
  /// program continues after it was stopped (SIGCONT).
  int changed_fd() const;
  /// Handles the event. Returns whether the program was stopped, so that other programs may have
  /// written to the terminal.
  bool TakeChange();
  /// Stops the program as Ctrl-Z does. Returns when it continues.
  void Suspend();

  /// The size of the terminal; 80 x 24 if it is unknown.
  static Size size();
  static void Write(std::string_view bytes);

 private:
  SignalGuard guard_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_RAW_TERMINAL_H_

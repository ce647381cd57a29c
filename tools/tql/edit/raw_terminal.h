// The terminal while somebody edits: each byte comes as it is typed, and nothing shows by itself.
#ifndef TQLKIT_TOOLS_TQL_EDIT_RAW_TERMINAL_H_
#define TQLKIT_TOOLS_TQL_EDIT_RAW_TERMINAL_H_

#include <string_view>

#include "tools/tql/edit/layout.h"
#include "tools/tql/edit/signal_guard.h"

namespace tql::shell {

/// Standard input and output, from the constructor to the destructor, which leaves the terminal as
/// it was. So does any signal that ends the program meanwhile, but SIGKILL. Ctrl-C, Ctrl-Z and
/// Ctrl-\ arrive as bytes. A paste arrives marked. One object at a time; thread safety: none.
class RawTerminal {
 public:
  RawTerminal();
  ~RawTerminal();
  RawTerminal(const RawTerminal&) = delete;
  RawTerminal& operator=(const RawTerminal&) = delete;

  /// Readable when the terminal got another size (SIGWINCH), or the program goes on after it was
  /// stopped (SIGCONT).
  int changed_fd() const;
  /// Takes what made it readable. Whether the program was stopped: then others may have written to
  /// the terminal.
  bool TakeChange();
  /// Stops the program as Ctrl-Z does; returns when it goes on.
  void Suspend();

  /// 80 x 24 when the terminal does not say.
  static Size size();
  static void Write(std::string_view bytes);

 private:
  SignalGuard guard_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_RAW_TERMINAL_H_

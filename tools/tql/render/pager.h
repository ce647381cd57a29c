// Displays results that do not fit the terminal in a pager such as less.
#ifndef TQLKIT_TOOLS_TQL_RENDER_PAGER_H_
#define TQLKIT_TOOLS_TQL_RENDER_PAGER_H_

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "tools/tql/interrupts.h"
#include "tools/tql/render/output.h"

namespace tql::shell {

/// Returns the number of lines that the text occupies when it is wrapped at `columns`.
std::size_t ScreenLines(std::string_view text, std::size_t columns);

/// Returns the pager: $TQL_PAGER, otherwise $PAGER, otherwise less. Empty, so that no pager is
/// used, if the variable is set but blank or the terminal does not support escape sequences.
std::string PagerProgram();

/// During its lifetime, holds back the output of `out` as long as it fits the terminal. When it
/// does not fit any more, starts PagerProgram(), which must not be empty, and sends it all output.
/// The destructor writes the text that was held back, or waits until the user quits the pager. If
/// the user quits earlier, `out` is broken until then.
class Pager {
 public:
  Pager(Output& out, Interrupts& interrupts);
  ~Pager();
  Pager(const Pager&) = delete;
  Pager& operator=(const Pager&) = delete;

 private:
  void Start();

  Output& out_;
  Interrupts& interrupts_;
  pid_t pid_ = 0;  // the pager, if it is running
  int pipe_ = -1;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_PAGER_H_

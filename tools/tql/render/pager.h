// Results that do not fit into the terminal, shown by a program such as less.
#ifndef TQLKIT_TOOLS_TQL_RENDER_PAGER_H_
#define TQLKIT_TOOLS_TQL_RENDER_PAGER_H_

#include <sys/types.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "tools/tql/interrupts.h"
#include "tools/tql/render/output.h"

namespace tql::shell {

/// How many lines of a terminal the text takes when its lines are wrapped at `columns`.
std::size_t ScreenLines(std::string_view text, std::size_t columns);

/// $TQL_PAGER, else $PAGER, else less. Empty, when the first of them that is set is blank, or the
/// terminal takes no escapes: then nothing is paged.
std::string PagerProgram();

/// While it lives, `out` keeps what is written as long as it fits into the terminal; with the first
/// line that does not, PagerProgram(), which must not be empty, shows all of it. The destructor
/// writes what was kept, or waits until the person has left the program. When that is earlier,
/// `out` is broken up to the destructor.
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
  pid_t pid_ = 0;  // of the program, when it runs
  int pipe_ = -1;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_PAGER_H_

#include "tools/tql/render/pager.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "tools/process.h"
#include "tools/tql/child.h"
#include "tools/tql/render/characters.h"
#include "tools/tql/render/colors.h"

namespace tql::shell {
namespace {

/// Lines for the prompt and the number of rows.
constexpr std::size_t kLinesBelow = 3;

}  // namespace

std::string PagerProgram() {
  if (!TakesEscapes()) return {};
  for (const char* variable : {"TQL_PAGER", "PAGER"}) {
    const char* const program = std::getenv(variable);
    if (program == nullptr) continue;
    const bool blank = std::string_view(program).find_first_not_of(" \t") == std::string_view::npos;
    return blank ? "" : program;
  }
  return "less -S";  // do not wrap the lines of tables
}

std::size_t ScreenLines(std::string_view text, std::size_t columns) {
  std::size_t lines = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::size_t width = DisplayWidth(text.substr(0, end));
    lines += width == 0 ? 1 : (width + columns - 1) / columns;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Pager::Pager(Output& out, Interrupts& interrupts) : out_(out), interrupts_(interrupts) {
  out_.SetGate([this](std::string_view held) {
    const std::size_t rows = out_.rows();
    const std::size_t columns = std::max<std::size_t>(out_.columns(), 1);
    if (ScreenLines(held, columns) + kLinesBelow <= rows) return false;
    Start();
    return true;
  });
}

void Pager::Start() {
  out_.SetGate({});
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return;
  pid_ = SpawnShell(PagerProgram(), "", ends[0]);
  close(ends[0]);
  if (pid_ == 0) {
    close(ends[1]);
    return;
  }
  pipe_ = ends[1];
  interrupts_.SetPaging(true);
  out_.Divert(pipe_);
}

Pager::~Pager() {
  out_.Flush();  // calls the gate for the last time
  out_.SetGate({});
  out_.Flush();
  if (pid_ == 0) return;
  close(pipe_);
  out_.Divert(-1);
  (void)tools::WaitFor(pid_);
  interrupts_.SetPaging(false);
}

}  // namespace tql::shell

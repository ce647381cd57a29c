#include "tools/tql/line_editor.h"

#include <cstdlib>
#include <string_view>
#include <utility>

#include "tools/tql/plain_editor.h"
#include "tools/tql/terminal_editor.h"

namespace tql::shell {

std::unique_ptr<LineEditor> MakeLineEditor(LineEditorOptions options) {
  const char* term = std::getenv("TERM");
  const std::string_view name = term == nullptr ? "" : term;
  if (name.empty() || name == "dumb") return std::make_unique<PlainEditor>(std::move(options));
  return std::make_unique<TerminalEditor>(std::move(options));
}

}  // namespace tql::shell

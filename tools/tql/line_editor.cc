#include "tools/tql/line_editor.h"

#include <utility>

#include "tools/tql/colors.h"
#include "tools/tql/plain_editor.h"
#include "tools/tql/terminal_editor.h"
#include "tools/tql/vendor_editor.h"

namespace tql::shell {

std::unique_ptr<LineEditor> MakeLineEditor(LineEditorOptions options) {
  if (options.vendor) return std::make_unique<VendorEditor>(std::move(options));
  if (TakesEscapes()) return std::make_unique<TerminalEditor>(std::move(options));
  return std::make_unique<PlainEditor>(std::move(options));
}

}  // namespace tql::shell

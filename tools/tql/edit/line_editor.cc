#include "tools/tql/edit/line_editor.h"

#include <utility>

#include "tools/tql/edit/plain_editor.h"
#include "tools/tql/edit/terminal_editor.h"
#include "tools/tql/edit/vendor_editor.h"
#include "tools/tql/render/colors.h"

namespace tql::shell {

std::unique_ptr<LineEditor> MakeLineEditor(LineEditorOptions options) {
  if (options.vendor) return std::make_unique<VendorEditor>(std::move(options));
  if (TakesEscapes()) return std::make_unique<TerminalEditor>(std::move(options));
  return std::make_unique<PlainEditor>(std::move(options));
}

}  // namespace tql::shell

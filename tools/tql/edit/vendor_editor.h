// Reads lines as the vendor's program does, for programs that drive a terminal.
#ifndef TQLKIT_TOOLS_TQL_EDIT_VENDOR_EDITOR_H_
#define TQLKIT_TOOLS_TQL_EDIT_VENDOR_EDITOR_H_

#include <string>

#include "tools/tql/edit/plain_editor.h"
#include "tools/tql/edit/signal_guard.h"

namespace tql::shell {

/// Reads line by line, without escape sequences. Each line is echoed after its prompt, even if it
/// arrived before the prompt, and no input is echoed between the lines of a result: the terminal's
/// own echo is off during the lifetime of this object. Backspace and Ctrl-U delete.
class VendorEditor : public PlainEditor {
 public:
  explicit VendorEditor(LineEditorOptions options);
  ~VendorEditor() override;
  VendorEditor(const VendorEditor&) = delete;
  VendorEditor& operator=(const VendorEditor&) = delete;

 protected:
  Event ReadLine(std::string* line) override;

 private:
  SignalGuard guard_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_VENDOR_EDITOR_H_

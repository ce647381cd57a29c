// Reads from a terminal that a program drives, as the vendor's program does.
#ifndef TQLKIT_TOOLS_TQL_EDIT_VENDOR_EDITOR_H_
#define TQLKIT_TOOLS_TQL_EDIT_VENDOR_EDITOR_H_

#include <string>

#include "tools/tql/edit/plain_editor.h"
#include "tools/tql/edit/signal_guard.h"

namespace tql::shell {

/// Line by line, without escapes. Each line shows behind its prompt, also one that came before the
/// prompt, and nothing that is typed shows between the lines of a result: from the constructor to
/// the destructor the terminal itself shows nothing. Backspace and Ctrl-U delete.
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

// The line editor for terminals without escape sequences.
#ifndef TQLKIT_TOOLS_TQL_EDIT_PLAIN_EDITOR_H_
#define TQLKIT_TOOLS_TQL_EDIT_PLAIN_EDITOR_H_

#include <string>
#include <vector>

#include "tools/tql/edit/history.h"
#include "tools/tql/edit/line_editor.h"

namespace tql::shell {

/// Reads line by line; the terminal itself provides editing. The history is stored but cannot be
/// recalled.
class PlainEditor : public LineEditor {
 public:
  explicit PlainEditor(LineEditorOptions options)
      : options_(std::move(options)), history_(options_.history_file) {}

  Event Read(const Prompt& prompt, const std::string& initial, std::string* text) override;
  void AddHistory(const std::string& entry) override { history_.Add(entry); }
  std::vector<std::string> Entries() override { return history_.entries(); }

 protected:
  /// Reads one line without its newline. After kInterrupt and kEnd the cursor is still in the line.
  virtual Event ReadLine(std::string* line);

  /// Waits for a byte: kText if there is one, otherwise kInterrupt or kEnd. Input is read byte by
  /// byte, because bytes after a line may be for another reader, such as the parent shell.
  Event ReadByte(char* byte) const;

 private:
  const LineEditorOptions options_;
  History history_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_PLAIN_EDITOR_H_

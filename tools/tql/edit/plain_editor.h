// Reads from a terminal that knows no escapes.
#ifndef TQLKIT_TOOLS_TQL_EDIT_PLAIN_EDITOR_H_
#define TQLKIT_TOOLS_TQL_EDIT_PLAIN_EDITOR_H_

#include <string>
#include <vector>

#include "tools/tql/edit/history.h"
#include "tools/tql/edit/line_editor.h"

namespace tql::shell {

/// Line by line, as the terminal itself lets people edit them. The history is kept, not offered.
class PlainEditor : public LineEditor {
 public:
  explicit PlainEditor(LineEditorOptions options)
      : options_(std::move(options)), history_(options_.history_file) {}

  Event Read(const Prompt& prompt, const std::string& initial, std::string* text) override;
  void AddHistory(const std::string& entry) override { history_.Add(entry); }
  std::vector<std::string> Entries() override { return history_.entries(); }

 protected:
  /// One line without its newline. kInterrupt and kEnd leave the cursor in its line.
  virtual Event ReadLine(std::string* line);

  /// Waits for a byte; kInterrupt or kEnd instead of one, kText with one. Byte by byte: what
  /// follows a line may be for the next reader, such as the parent shell.
  Event ReadByte(char* byte) const;

 private:
  const LineEditorOptions options_;
  History history_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_PLAIN_EDITOR_H_

// Reads statements and commands from the terminal, with editing, history and completion.
//
// tools/doc/decisions/line_editor.md explains why the shell has its own editor.
#ifndef TQLKIT_TOOLS_TQL_EDIT_LINE_EDITOR_H_
#define TQLKIT_TOOLS_TQL_EDIT_LINE_EDITOR_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/edit/completion.h"

namespace tql::shell {

/// Thread safety: one thread.
class LineEditor {
 public:
  enum class Event { kText, kInterrupt, kEnd };
  struct Prompt {
    std::string first;
    std::string continuation;  ///< Of each line except the first.
  };

  virtual ~LineEditor() = default;
  /// Reads a text, which may have several lines, without the final newline. Editing starts with
  /// `initial`. Enter ends the text if it is complete, otherwise it inserts a line break. A paste
  /// (if the terminal marks pastes) is only inserted; it is not executed before Enter is pressed.
  ///
  /// kInterrupt: Ctrl-C was pressed or `interrupt_fd` became readable; the text is discarded. kEnd:
  /// Ctrl-D was pressed in an empty text, or the terminal was closed. The cursor is then on a new
  /// line.
  virtual Event Read(const Prompt& prompt, const std::string& initial, std::string* text) = 0;
  /// Adds a whole statement, which may have several lines.
  virtual void AddHistory(const std::string& entry) = 0;
  /// The entries of the history, oldest first.
  virtual std::vector<std::string> Entries() = 0;
};

/// The callbacks and settings of an editor. Callbacks are called by Read.
struct LineEditorOptions {
  int interrupt_fd = -1;  ///< Not owned.
  /// The file that stores the history, readable only by its owner. Empty: it is not stored.
  std::string history_file;
  /// Whether the text is complete, so that Enter ends it.
  std::function<bool(std::string_view text)> is_complete;
  /// Completes the word before the cursor; `text` ends at the cursor.
  std::function<Completer::Completion(std::string_view text)> complete;
  /// Whether the text is highlighted; called each time it is drawn.
  std::function<bool()> use_colors;
  /// Whether to behave like the vendor's program, for programs that drive the terminal.
  bool vendor = false;
};

/// Creates an editor for standard input and output, which must be a terminal. If the terminal does
/// not support escape sequences (see TakesEscapes), lines are read without editing.
std::unique_ptr<LineEditor> MakeLineEditor(LineEditorOptions options);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_LINE_EDITOR_H_

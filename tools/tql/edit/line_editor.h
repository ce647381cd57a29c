// Reads statements and commands from the terminal, with editing, history and completion.
//
// The editor is our own: a statement is one text of several lines here, coloured as it is typed.
// libedit and readline edit line by line and have no say in how the line is painted; readline would
// also put the shell under the GPL; replxx is not packaged.
#ifndef TQLKIT_TOOLS_TQL_EDIT_LINE_EDITOR_H_
#define TQLKIT_TOOLS_TQL_EDIT_LINE_EDITOR_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/edit/completion.h"

namespace tql::shell {

/// Thread safety: none.
class LineEditor {
 public:
  enum class Event { kText, kInterrupt, kEnd };
  struct Prompt {
    std::string first;
    std::string continuation;  ///< Of each line but the first.
  };

  virtual ~LineEditor() = default;
  /// Reads a text, perhaps of several lines, without the newline at its end; `initial` stands there
  /// already. Enter ends it when it is complete, and begins a line of it otherwise. A paste (of a
  /// terminal that marks them) is text and nothing else: what it holds runs when Enter is pressed.
  /// kInterrupt: Ctrl-C, or `interrupt_fd` became readable; what was typed is dropped. kEnd: Ctrl-D
  /// in an empty text, or the terminal is gone. The cursor stands on a new line then.
  virtual Event Read(const Prompt& prompt, const std::string& initial, std::string* text) = 0;
  /// A whole statement, which may have several lines.
  virtual void AddHistory(const std::string& entry) = 0;
  /// All entries, the oldest first.
  virtual std::vector<std::string> Entries() = 0;
};

/// What an editor asks its owner. All are called from Read.
struct LineEditorOptions {
  int interrupt_fd = -1;  ///< Borrowed.
  /// Kept there for the next time, readable for its owner alone; empty: nowhere.
  std::string history_file;
  /// Whether Enter ends the text.
  std::function<bool(std::string_view text)> is_complete;
  /// What Tab does; `text` goes up to the cursor.
  std::function<Completer::Completion(std::string_view text)> complete;
  /// Whether the text is coloured; asked each time it is painted.
  std::function<bool()> use_colors;
  /// Whether a program drives the terminal, as it does the vendor's.
  bool vendor = false;
};

/// For standard input and output, which are a terminal. Where that takes no escapes (see
/// TakesEscapes), lines are read as the terminal gives them, without editing and without escapes.
std::unique_ptr<LineEditor> MakeLineEditor(LineEditorOptions options);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_LINE_EDITOR_H_

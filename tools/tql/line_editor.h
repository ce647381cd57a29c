// Reads lines from the terminal, with editing and history. Behind this interface stands libedit
// (BSD licence, packaged); line_editor.cc is the only file that knows it.
#ifndef TQLKIT_TOOLS_TQL_LINE_EDITOR_H_
#define TQLKIT_TOOLS_TQL_LINE_EDITOR_H_

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/completion.h"

namespace tql::shell {

/// What Tab does with the line up to the cursor.
using LineCompleter = std::function<Completer::Completion(std::string_view line)>;

class LineEditor {
 public:
  enum class Event { kLine, kInterrupt, kEnd };

  virtual ~LineEditor() = default;
  /// Reads a line, without its newline. kInterrupt: `interrupt_fd` became readable; what was typed
  /// is dropped. A paste (of a terminal that marks them) arrives line by line as it is: its tabs
  /// complete nothing.
  virtual Event ReadLine(const std::string& prompt, std::string* line) = 0;
  /// A whole statement, which may have several lines.
  virtual void AddHistory(const std::string& entry) = 0;
  /// All entries, the oldest first.
  virtual std::vector<std::string> Entries() = 0;
};

/// `history_file`: kept there for the next time, readable for its owner alone; empty: nowhere.
std::unique_ptr<LineEditor> MakeLineEditor(int interrupt_fd, const std::string& history_file,
                                           LineCompleter completer);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_LINE_EDITOR_H_

// Classifies the lines that are entered at the prompt: statements, commands, exit.
#ifndef TQLKIT_TOOLS_TQL_ENTERED_TEXT_H_
#define TQLKIT_TOOLS_TQL_ENTERED_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "mockserver/dialect/splitter.h"

namespace tql::shell {

/// The kind of a line, together with the incomplete statement before it.
struct EnteredLine {
  enum class Kind {
    kOpen,        ///< The statement is incomplete.
    kBlank,       ///< Only whitespace and comments.
    kStatements,  ///< One or more complete statements.
    kCommand,     ///< A backslash command, from offset `command` to the end of the line.
    kExit,
  };
  Kind kind = Kind::kOpen;
  std::size_t command = std::string::npos;
};

/// Collects statements line by line until they are complete. Thread safety: one thread.
class EnteredText {
 public:
  explicit EnteredText(dialect::ScriptRules rules = dialect::ScriptRules::kTql)
      : rules_(rules), input_(rules) {}
  /// Sets the rules for splitting statements, for the collected text as well.
  void set_rules(dialect::ScriptRules rules);
  /// Appends a line, which is passed without its newline. Commands and exit are not appended.
  EnteredLine Take(std::string_view line);
  const std::string& text() const { return text_; }
  void Reset(std::string text = {});

 private:
  std::string text_;
  dialect::ScriptRules rules_;
  dialect::GrowingInput input_;
};

/// Whether the text has only complete statements and can be executed.
bool IsCompleteInput(std::string_view text,
                     dialect::ScriptRules rules = dialect::ScriptRules::kTql);

/// Returns the text without trailing whitespace.
std::string TrimmedRight(std::string text);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_ENTERED_TEXT_H_

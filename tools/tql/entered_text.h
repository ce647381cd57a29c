// What is entered at the prompt: statements, commands, exit.
#ifndef TQLKIT_TOOLS_TQL_ENTERED_TEXT_H_
#define TQLKIT_TOOLS_TQL_ENTERED_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "mockserver/dialect/splitter.h"

namespace tql::shell {

/// What a line is, together with the text before it that has not ended.
struct EnteredLine {
  enum class Kind {
    kOpen,        ///< The statement goes on.
    kBlank,       ///< There is nothing but blanks and comments.
    kStatements,  ///< They have all ended.
    kCommand,     ///< One of the shell's own, from `command` in the line to its end.
    kExit,
  };
  Kind kind = Kind::kOpen;
  std::size_t command = std::string::npos;
};

/// Statements that have not ended, line by line. Thread safety: none.
class EnteredText {
 public:
  explicit EnteredText(dialect::ScriptRules rules = dialect::ScriptRules::kTql)
      : rules_(rules), input_(rules) {}
  /// Reads what is entered so far, and what follows, by these rules.
  void set_rules(dialect::ScriptRules rules);
  /// Appends a line, given without its newline; but not a command in it, nor exit.
  EnteredLine Take(std::string_view line);
  const std::string& text() const { return text_; }
  void Reset(std::string text = {});

 private:
  std::string text_;
  dialect::ScriptRules rules_;
  dialect::GrowingInput input_;
};

/// Whether all that is entered can run: its last line is not open.
bool IsCompleteInput(std::string_view text,
                     dialect::ScriptRules rules = dialect::ScriptRules::kTql);

/// Without blanks and newlines at the end.
std::string TrimmedRight(std::string text);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_ENTERED_TEXT_H_

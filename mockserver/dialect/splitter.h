// Cuts a script into statements at its semicolons. Knows strings, quoted names and comments (see
// ScriptRules), and nothing else of the language: what lies between two semicolons is a statement.
#ifndef TQLKIT_MOCKSERVER_DIALECT_SPLITTER_H_
#define TQLKIT_MOCKSERVER_DIALECT_SPLITTER_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/dialect/statement_scanner.h"
#include "tql/status.h"

namespace tql::dialect {

/// One statement of a script.
struct ScriptStatement {
  /// From the first byte of the first token to the last byte of the last: without the semicolon,
  /// and without blanks and comments around it. Never empty. A comment that never ends is a part of
  /// it, so that whoever parses it finds out.
  std::string_view text;
  /// What stands before it, after the semicolon of the statement before: blanks, comments (SCRIPT
  /// writes guids into them) and the semicolons of empty statements.
  std::string_view preamble;
  /// Where `text` begins in the script.
  TextPlace place;
  /// Whether a semicolon ended it; only the last statement of a script can lack one.
  bool terminated = false;
  /// A command of a shell, from its backslash to the end of its line, when it was asked for. `text`
  /// is then what has come of the statement that it interrupts, and may be empty; `place` is that
  /// of the command.
  std::string_view command = {};
  /// Where `text` begins, when it has been interrupted by a command.
  TextPlace begun = {};
};

InputState StateOf(std::string_view text, ScriptRules rules = ScriptRules::kTql);

/// Whether a shell's buffer can be sent: it holds a statement and all of them have ended.
inline bool IsComplete(std::string_view text) { return StateOf(text) == InputState::kComplete; }

/// StateOf for a text that grows: looks at each byte once, but for a last token that is not
/// complete. Copyable.
class GrowingInput {
 public:
  explicit GrowingInput(ScriptRules rules = ScriptRules::kTql) : scanner_(rules) {}
  /// `text` begins with the text of the call before.
  InputState Scan(std::string_view text);
  /// Where the first command of a shell begins in what `text` has more than at the last Scan; npos
  /// when there is none. Looks at no more than that.
  std::size_t FindCommand(std::string_view text) const;

 private:
  internal::StatementScanner scanner_;
  bool any_ = false;  // a statement has ended
};

/// Splits a script that lies in memory as a whole. The views it returns point into the script,
/// which must outlive them. Linear, allocates nothing. Empty statements are left out; a last
/// statement without a semicolon is returned as it is.
class ScriptSplitter {
 public:
  explicit ScriptSplitter(std::string_view script, ScriptRules rules = ScriptRules::kTql);
  /// The next statement, nullopt at the end.
  std::optional<ScriptStatement> Next();

 private:
  std::string_view script_;
  internal::StatementScanner scanner_;
  std::size_t begin_ = 0;  // Where the current statement's preamble begins.
  TextPlace place_;        // Of a position before the current statement.
};

/// Splits a script that arrives in pieces, cut anywhere. Holds no more than the unfinished
/// statement and what was fed but not yet asked for.
class IncrementalSplitter {
 public:
  explicit IncrementalSplitter(Backslash backslash = Backslash::kText,
                               ScriptRules rules = ScriptRules::kTql)
      : scanner_(rules, backslash) {}
  /// Changes the rules for what Next() has not returned yet. A statement that a command interrupts
  /// keeps what has come of it.
  void set_rules(ScriptRules rules) { scanner_.set_rules(rules); }
  /// Appends to the script; invalidates the views that Next() returned.
  void Feed(std::string_view chunk);
  /// Says that nothing follows.
  void Finish() { finished_ = true; }
  /// The next statement, or command, nullopt when more must be fed first (or, after Finish, at the
  /// end). The views are valid until the next call of Feed() or Next(). A statement goes on behind
  /// a command that interrupts it, as if that were not there.
  std::optional<ScriptStatement> Next();
  /// Behind a command: gives up what has come of the statement that it interrupted.
  void DropStatement();
  /// Behind a command: takes what has been fed behind its line, which is then no part of the
  /// script.
  std::string TakeRest();
  /// Discards the blanks and closed comments before the next statement that have been fed: its
  /// preamble then lacks them. An open comment stays: unclosed, it is the text of a statement.
  void DropPreamble();
  /// The bytes that are held: the caller's measure against a statement without an end.
  std::size_t pending_bytes() const { return buffer_.size() - begin_; }

 private:
  std::string buffer_;
  internal::StatementScanner scanner_;
  std::size_t begin_ = 0;  // Where the current statement's preamble begins, in buffer_.
  TextPlace place_;        // Of the buffer's byte `counted_`, in the script.
  std::size_t counted_ = 0;
  bool started_ = false;
  bool finished_ = false;
  std::optional<ScriptStatement> NextCommand();
  void SkipCommand();
  std::size_t line_end_ = 0;  // Of the command that Next() returned; 0 when it returned none.
  std::size_t searched_ = 0;  // As far as that has been looked for.
};

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_SPLITTER_H_

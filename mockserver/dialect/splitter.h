// Splits a script into statements at its semicolons. Recognizes strings, quoted names and comments
// (see ScriptRules) but no other syntax: the text between two semicolons is a statement.
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
  /// From the first byte of the first token to the last byte of the last: without the semicolon and
  /// the whitespace and comments around it. Never empty. An unterminated comment is included, so
  /// that the parser reports it.
  std::string_view text;
  /// The text before it, after the semicolon of the previous statement: whitespace, comments
  /// (SCRIPT writes guids into them) and the semicolons of empty statements.
  std::string_view preamble;
  /// Where `text` begins in the script.
  TextPlace place;
  /// Whether a semicolon ended it; false only for the last statement of a script.
  bool terminated = false;
  /// A shell command from its backslash to the end of its line; set only under
  /// Backslash::kCommand. `text` is then the beginning of the statement that the command
  /// interrupts, possibly empty, and `place` is the place of the command.
  std::string_view command = {};
  /// The place of `text` if a command interrupts it.
  TextPlace begun = {};
};

/// Returns what the statements in `text` lack to be complete.
InputState StateOf(std::string_view text, ScriptRules rules = ScriptRules::kTql);

/// Whether an input can be sent: it contains a statement, and every statement is terminated.
inline bool IsComplete(std::string_view text) { return StateOf(text) == InputState::kComplete; }

/// StateOf() for a growing text. Examines each byte once, except for an incomplete last token.
/// Copyable.
class GrowingInput {
 public:
  explicit GrowingInput(ScriptRules rules = ScriptRules::kTql) : scanner_(rules) {}
  /// `text` must begin with the text of the previous call.
  InputState Scan(std::string_view text);
  /// Returns the position of the first shell command in the part of `text` that was added since the
  /// last Scan(), or npos. Examines only that part.
  std::size_t FindCommand(std::string_view text) const;

 private:
  internal::StatementScanner scanner_;
  bool any_ = false;  // Whether a statement has ended.
};

/// Splits a script that is in memory as a whole. The views it returns point into the script, which
/// must outlive them. Linear; does not allocate. Skips empty statements; a last statement without a
/// semicolon is returned as well.
class ScriptSplitter {
 public:
  explicit ScriptSplitter(std::string_view script, ScriptRules rules = ScriptRules::kTql);
  /// Returns the next statement, or nullopt at the end.
  std::optional<ScriptStatement> Next();

 private:
  std::string_view script_;
  internal::StatementScanner scanner_;
  std::size_t begin_ = 0;  // Where the current statement's preamble begins.
  TextPlace place_;        // Of the previous statement; places are counted from there.
};

/// Splits a script that arrives in chunks, cut at any byte. Buffers only the unfinished statement
/// and the input that was fed but not yet returned.
class IncrementalSplitter {
 public:
  explicit IncrementalSplitter(Backslash backslash = Backslash::kText,
                               ScriptRules rules = ScriptRules::kTql)
      : scanner_(rules, backslash) {}
  /// Changes the rules for the input that is not scanned yet. The beginning of a statement before a
  /// command remains as scanned.
  void set_rules(ScriptRules rules) { scanner_.set_rules(rules); }
  /// Appends to the script; invalidates the views that Next() returned.
  void Feed(std::string_view chunk);
  /// Marks the end of the input.
  void Finish() { finished_ = true; }
  /// Returns the next statement or command, or nullopt if more input is needed (after Finish(): at
  /// the end). The views are valid until the next call of Feed() or Next(). A statement continues
  /// after a command that interrupts it, as if the command were absent.
  std::optional<ScriptStatement> Next();
  /// After a command: discards the beginning of the statement that it interrupted.
  void DropStatement();
  /// After a command: removes and returns the input after the command's line, which is then not
  /// part of the script.
  std::string TakeRest();
  /// Discards the whitespace and closed comments fed before the next statement; its preamble then
  /// lacks them. Keeps an open comment, which is the text of a statement if it is never closed.
  void DropPreamble();
  /// The number of bytes buffered, for the caller to limit statements that never end.
  std::size_t pending_bytes() const { return buffer_.size() - begin_; }

 private:
  std::string buffer_;  // May begin with statements that were returned already.
  internal::StatementScanner scanner_;
  std::size_t begin_ = 0;    // Where the current statement's preamble begins in buffer_.
  TextPlace place_;          // The place in the script of byte `counted_` of buffer_.
  std::size_t counted_ = 0;  // Lines and columns before it are counted.
  bool started_ = false;
  bool finished_ = false;
  std::optional<ScriptStatement> NextCommand();
  void SkipCommand();
  std::size_t line_end_ = 0;  // End of the command that Next() returned; 0 if it returned none.
  std::size_t searched_ = 0;  // The end of a command's line is not in buffer_ before this position.
};

}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_SPLITTER_H_

// Cuts a script into statements at its semicolons. Knows strings, quoted names and comments, and
// nothing else of the language: whatever lies between two semicolons is a statement.
#ifndef TQLKIT_MOCKSERVER_DIALECT_SPLITTER_H_
#define TQLKIT_MOCKSERVER_DIALECT_SPLITTER_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

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

/// What a backslash outside strings, names and comments is; TQL itself knows none.
enum class Backslash : std::uint8_t {
  kText,     // A part of a statement like any other.
  kCommand,  // The beginning of a command of a shell, which its line ends.
};

/// Whose strings hide a semicolon. Names and comments are TQL's with both.
enum class StringRules : std::uint8_t {
  kTql,       // '…'
  kPostgres,  // E'…\'…', $$…$$ and $tag$…$tag$ as well
};

/// What a text would need to be a complete input.
enum class InputState : std::uint8_t {
  kBlank,      // Nothing: there are only blanks, comments and semicolons.
  kComplete,   // Nothing: the last statement ended with its semicolon.
  kStatement,  // A semicolon.
  kString,     // A closing ', then a semicolon.
  kName,       // A closing ", then a semicolon.
  kComment,    // A closing */; perhaps a semicolon.
};

InputState StateOf(std::string_view text);

/// Whether a shell's buffer can be sent: it holds a statement and all of them have ended.
inline bool IsComplete(std::string_view text) { return StateOf(text) == InputState::kComplete; }

namespace internal {

/// The automaton under both splitters. Positions count from the start of the text that is scanned;
/// the text may grow between two calls.
class StatementScanner {
 public:
  /// With kPostgres the text must not grow.
  explicit StatementScanner(StringRules rules = StringRules::kTql,
                            Backslash backslash = Backslash::kText)
      : rules_(rules), backslash_(backslash) {}
  /// Scans on from where it stopped. True: a semicolon, or a backslash that begins a command,
  /// stands at pos(). False: the text is used up, but for at most one byte that needs its
  /// successor, when `last` is false.
  bool FindSemicolon(std::string_view text, bool last);
  /// Forgets the statement and goes on at `pos`.
  void Restart(std::size_t pos);
  /// Says that the first `count` bytes of the text, which no longer matter, were dropped.
  void Rebase(std::size_t count);

  void set_backslash(Backslash backslash) { backslash_ = backslash; }

  std::size_t pos() const { return pos_; }
  bool has_token() const { return has_token_; }
  std::size_t first() const { return first_; }  // Of the first token, when there is one.
  std::size_t end() const { return end_; }      // Behind the last token so far.
  InputState state() const;

 private:
  enum class Mode : std::uint8_t {
    kPlain,
    kString,
    kEscapeString,
    kDollarString,
    kName,
    kLineComment,
    kBlockComment,
  };
  bool ScanPlain(std::string_view text, bool last, bool* found);
  Mode StringAt(std::string_view text);
  bool SkipTo(std::string_view text, std::string_view close);
  bool SkipEscapeString(std::string_view text);
  bool SkipComment(std::string_view text, bool last);
  void Token(std::size_t begin, std::size_t end) {
    if (!has_token_) first_ = begin;
    has_token_ = true;
    end_ = end;
  }

  StringRules rules_;
  Backslash backslash_;
  std::string_view tag_;  // Of a kDollarString, e.g. "$$".
  std::size_t pos_ = 0;
  std::size_t first_ = 0;
  std::size_t end_ = 0;
  std::size_t comment_ = 0;  // where the last comment began
  bool has_token_ = false;
  Mode mode_ = Mode::kPlain;
};

}  // namespace internal

/// StateOf for a text that grows: looks at each byte once. Copyable.
class GrowingInput {
 public:
  /// `text` begins with the text of the call before. A comment's beginning or end counts when the
  /// byte behind it is there.
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
  explicit ScriptSplitter(std::string_view script, StringRules rules = StringRules::kTql);
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
  explicit IncrementalSplitter(Backslash backslash = Backslash::kText)
      : scanner_(StringRules::kTql, backslash) {}
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
  /// Gives up the blanks and comments before the next statement, as far as they have come: its
  /// preamble lacks them then, and they are held no longer.
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

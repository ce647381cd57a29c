// The state machine of the splitters in splitter.h: finds the semicolons that end statements.
#ifndef TQLKIT_MOCKSERVER_DIALECT_STATEMENT_SCANNER_H_
#define TQLKIT_MOCKSERVER_DIALECT_STATEMENT_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tql::dialect {

/// The meaning of a backslash outside strings, names and comments. TQL does not use it.
enum class Backslash : std::uint8_t {
  kText,     // An ordinary character of a statement.
  kCommand,  // The beginning of a shell command, which extends to the end of the line.
};

/// The lexical rules that determine where a statement ends. Under both, a carriage return ends a
/// `--` comment as a newline does, so that a condition after it is never lost (our choice; the
/// service's behaviour is not known).
enum class ScriptRules : std::uint8_t {
  /// '…', "…", `-- …` and `/*…*/`, which does not nest.
  kTql,
  /// PostgreSQL 15 and psql: nested comments, E'…\'…' and its continuation on the next line, $$…$$
  /// and $tag$…$tag$. A semicolon does not end a statement in parentheses or between BEGIN and END
  /// of a CREATE FUNCTION or CREATE PROCEDURE.
  kPostgres,
};

constexpr ScriptRules RulesFor(bool use_postgres_sql_parser) {
  return use_postgres_sql_parser ? ScriptRules::kPostgres : ScriptRules::kTql;
}

/// What an input lacks to be complete.
enum class InputState : std::uint8_t {
  kBlank,      // Nothing: it contains only whitespace, comments and semicolons.
  kComplete,   // Nothing: the last statement ended with its semicolon.
  kStatement,  // A semicolon.
  kString,     // A closing ', then a semicolon.
  kName,       // A closing ", then a semicolon.
  kComment,    // A closing */ and perhaps a semicolon.
};

namespace internal {

/// Whether a semicolon is nested within the statement so far, by PostgreSQL's rules.
class StatementNesting {
 public:
  void Open() { ++brackets_; }
  void Close() { brackets_ -= brackets_ > 0 ? 1 : 0; }
  /// Takes an unquoted word.
  void Word(std::string_view word);
  bool IsNested() const { return brackets_ > 0 || blocks_ > 0; }

 private:
  /// The part of CREATE [OR REPLACE] {FUNCTION | PROCEDURE} that the statement begins with.
  enum class Head : std::uint8_t { kNone, kCreate, kOr, kReplace, kRoutine, kOther };
  Head Next(std::string_view word) const;

  std::size_t brackets_ = 0;
  std::size_t blocks_ = 0;  // Open BEGIN and CASE of a routine; END closes one.
  Head head_ = Head::kNone;
};

/// Scans text for ends of statements. Positions are offsets in the text, which may grow between two
/// calls.
class StatementScanner {
 public:
  explicit StatementScanner(ScriptRules rules = ScriptRules::kTql,
                            Backslash backslash = Backslash::kText)
      : rules_(rules), backslash_(backslash) {}
  /// Continues where it stopped. Returns true if pos() is at a semicolon that ends a statement or
  /// at a backslash that begins a command. Returns false at the end of the text; unless `last`, it
  /// then stops before a token that depends on what follows.
  bool FindSemicolon(std::string_view text, bool last);
  /// Discards the state of the statement and continues at `pos`.
  void Restart(std::size_t pos);
  /// Adjusts the positions after the first `count` bytes of the text, which are no longer needed,
  /// were removed.
  void Rebase(std::size_t count);

  void set_backslash(Backslash backslash) { backslash_ = backslash; }
  void set_rules(ScriptRules rules) { rules_ = rules; }

  std::size_t pos() const { return pos_; }
  bool has_token() const { return has_token_; }
  std::size_t first() const { return first_; }  // Begin of the first token, if has_token().
  std::size_t end() const { return end_; }      // End of the last token so far.
  /// Without a token: the end of the text known to be whitespace and comments. Excludes an open
  /// comment, which is part of the statement if it is never closed.
  std::size_t end_of_blanks() const { return mode_ == Mode::kBlockComment ? comment_ : pos_; }
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
  /// What follows the closing quote of an E'…' so far. Another quote continues the string if it
  /// follows directly (a doubled quote) or on a later line.
  enum class AfterEscape : std::uint8_t { kOther, kNothing, kBlanks, kNewline };
  /// The result of a step: continue, stop at pos(), or the end of the text is reached.
  enum class Step : std::uint8_t { kContinue, kFound, kEndOfText };

  Step ScanPlain(std::string_view text, bool last);
  Step ScanSpecial(std::string_view text, bool last);
  Step ScanWord(std::string_view text, bool last);
  Step ScanNumber(std::string_view text, std::size_t digits, bool last);
  Step ScanDollar(std::string_view text, bool last);
  Step ScanComment(std::string_view text, bool last);
  Step SkipTo(std::string_view text, std::string_view close, bool last);
  Step SkipEscapeString(std::string_view text, bool last);
  Step SkipLineComment(std::string_view text);
  Step SkipBlockComment(std::string_view text, bool last);
  void Blank(char c);                              // Scans a whitespace character.
  void Token(std::size_t begin, std::size_t end);  // Records a token.
  /// Consumes a token up to `end` and continues in `mode`.
  Step Consume(std::size_t end, Mode mode = Mode::kPlain);

  ScriptRules rules_;
  Backslash backslash_;
  std::size_t pos_ = 0;
  std::size_t first_ = 0;
  std::size_t end_ = 0;
  std::size_t comment_ = 0;        // Where the last comment begins.
  std::size_t comment_depth_ = 0;  // Nesting of a kBlockComment.
  std::size_t tag_ = 0;            // Where the opening "$tag$" of a kDollarString begins.
  std::size_t tag_size_ = 0;
  StatementNesting nesting_;
  bool has_token_ = false;
  Mode mode_ = Mode::kPlain;
  AfterEscape after_escape_ = AfterEscape::kOther;
};

}  // namespace internal
}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_STATEMENT_SCANNER_H_

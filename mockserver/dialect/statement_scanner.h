// The automaton under the splitters of splitter.h: finds the semicolons that end statements.
#ifndef TQLKIT_MOCKSERVER_DIALECT_STATEMENT_SCANNER_H_
#define TQLKIT_MOCKSERVER_DIALECT_STATEMENT_SCANNER_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tql::dialect {

/// What a backslash outside strings, names and comments is; TQL itself knows none.
enum class Backslash : std::uint8_t {
  kText,     // A part of a statement like any other.
  kCommand,  // The beginning of a command of a shell, which its line ends.
};

/// Whose lexical rules say where a statement ends. With both, a carriage return ends a `--` comment
/// as a newline does: a condition behind it is never lost (a choice; the service is not known to do
/// either).
enum class ScriptRules : std::uint8_t {
  /// '…', "…", `-- …` and `/*…*/`, which does not nest.
  kTql,
  /// Those of PostgreSQL 15 and psql: nested comments, E'…\'…', its continuation on the next line,
  /// $$…$$ and $tag$…$tag$. A semicolon between round brackets ends nothing, nor does one between
  /// BEGIN and END of a CREATE FUNCTION or CREATE PROCEDURE.
  kPostgres,
};

constexpr ScriptRules RulesFor(bool use_postgres_sql_parser) {
  return use_postgres_sql_parser ? ScriptRules::kPostgres : ScriptRules::kTql;
}

/// What a text would need to be a complete input.
enum class InputState : std::uint8_t {
  kBlank,      // Nothing: it holds only blanks, comments and semicolons.
  kComplete,   // Nothing: the last statement ended with its semicolon.
  kStatement,  // A semicolon.
  kString,     // A closing ', then a semicolon.
  kName,       // A closing ", then a semicolon.
  kComment,    // A closing */; perhaps a semicolon.
};

namespace internal {

/// What PostgreSQL's rules remember of a statement: whether a semicolon is nested in it.
class StatementNesting {
 public:
  void Open() { ++brackets_; }
  void Close() { brackets_ -= brackets_ > 0 ? 1 : 0; }
  /// A word without quotes.
  void Word(std::string_view word);
  bool IsNested() const { return brackets_ > 0 || blocks_ > 0; }

 private:
  /// How much of CREATE [OR REPLACE] {FUNCTION | PROCEDURE} the statement began with.
  enum class Head : std::uint8_t { kNone, kCreate, kOr, kReplace, kRoutine, kOther };
  Head Next(std::string_view word) const;

  std::size_t brackets_ = 0;
  std::size_t blocks_ = 0;  // BEGIN and CASE of a routine, which END closes.
  Head head_ = Head::kNone;
};

/// Positions count from the start of the text that is scanned; the text may grow between two calls.
class StatementScanner {
 public:
  explicit StatementScanner(ScriptRules rules = ScriptRules::kTql,
                            Backslash backslash = Backslash::kText)
      : rules_(rules), backslash_(backslash) {}
  /// Scans on from where it stopped. True: a semicolon that ends a statement, or a backslash that
  /// begins a command, stands at pos(). False: the text is used up, but for the bytes of a token
  /// that depends on what follows, when `last` is false.
  bool FindSemicolon(std::string_view text, bool last);
  /// Forgets the statement and goes on at `pos`.
  void Restart(std::size_t pos);
  /// Says that the first `count` bytes of the text, which no longer matter, were dropped.
  void Rebase(std::size_t count);

  void set_backslash(Backslash backslash) { backslash_ = backslash; }
  void set_rules(ScriptRules rules) { rules_ = rules; }

  std::size_t pos() const { return pos_; }
  bool has_token() const { return has_token_; }
  std::size_t first() const { return first_; }  // Of the first token, when there is one.
  std::size_t end() const { return end_; }      // Behind the last token so far.
  /// Without a token: what stands before is certain to be blanks and comments. An open comment is
  /// a part of the statement if it never ends.
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
  /// What stands behind the closing quote of an E'…' so far. A quote there goes on with the string
  /// when it follows at once (it is doubled) or on a later line.
  enum class BehindEscape : std::uint8_t { kOther, kNothing, kBlanks, kNewline };
  /// How a step of the scan ended.
  enum class Step : std::uint8_t { kGoOn, kFound, kUsedUp };

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
  void Blank(char c);
  void Token(std::size_t begin, std::size_t end);
  /// A token up to `end`, which is scanned on in `mode`.
  Step Take(std::size_t end, Mode mode = Mode::kPlain);

  ScriptRules rules_;
  Backslash backslash_;
  std::size_t pos_ = 0;
  std::size_t first_ = 0;
  std::size_t end_ = 0;
  std::size_t comment_ = 0;        // where the last comment began
  std::size_t comment_depth_ = 0;  // of a kBlockComment
  std::size_t tag_ = 0;            // of a kDollarString: where its "$tag$" begins
  std::size_t tag_size_ = 0;
  StatementNesting nesting_;
  bool has_token_ = false;
  Mode mode_ = Mode::kPlain;
  BehindEscape behind_escape_ = BehindEscape::kOther;
};

}  // namespace internal
}  // namespace tql::dialect

#endif  // TQLKIT_MOCKSERVER_DIALECT_STATEMENT_SCANNER_H_

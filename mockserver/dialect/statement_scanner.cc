#include "mockserver/dialect/statement_scanner.h"

#include <algorithm>
#include <array>

#include "mockserver/dialect/chars.h"

namespace tql::dialect::internal {
namespace {

enum class Class : std::uint8_t { kOther, kBlank, kSpecial, kWord, kDigit };
using Classes = std::array<Class, 256>;

constexpr void Mark(Classes* classes, std::string_view bytes, Class mark) {
  for (const char c : bytes) (*classes)[static_cast<unsigned char>(c)] = mark;
}

// The classes of bytes outside strings, names and comments.
constexpr Classes kTqlClasses = [] {
  Classes classes{};
  Mark(&classes, " \t\n\v\f\r", Class::kBlank);
  Mark(&classes, "'\"-/;\\", Class::kSpecial);
  return classes;
}();

constexpr Classes kPostgresClasses = [] {
  Classes classes{};
  for (std::size_t i = 0; i < 256; ++i) {
    const char c = static_cast<char>(i);
    if (IsLetter(c) || c == '_' || i >= 0x80) classes[i] = Class::kWord;
    if (IsDigit(c)) classes[i] = Class::kDigit;
  }
  Mark(&classes, " \t\n\f\r", Class::kBlank);
  Mark(&classes, "'\"-/;\\()$", Class::kSpecial);
  return classes;
}();

bool BeginsWord(char c) { return kPostgresClasses[static_cast<unsigned char>(c)] == Class::kWord; }
bool IsTagByte(char c) { return BeginsWord(c) || IsDigit(c); }

bool Is(std::string_view word, std::string_view lower) {
  return base::EqualsIgnoreCase(word, lower);
}

}  // namespace

StatementNesting::Head StatementNesting::Next(std::string_view word) const {
  const bool after_create = head_ == Head::kCreate || head_ == Head::kReplace;
  if (head_ == Head::kNone && Is(word, "create")) return Head::kCreate;
  if (head_ == Head::kCreate && Is(word, "or")) return Head::kOr;
  if (head_ == Head::kOr && Is(word, "replace")) return Head::kReplace;
  if (after_create && (Is(word, "function") || Is(word, "procedure"))) return Head::kRoutine;
  return Head::kOther;
}

// Counts as psql does: CASE also ends with END, and is counted only within a BEGIN.
void StatementNesting::Word(std::string_view word) {
  if (head_ != Head::kRoutine) {
    if (head_ != Head::kOther) head_ = Next(word);
  } else if (brackets_ == 0) {
    if (Is(word, "begin") || (blocks_ > 0 && Is(word, "case"))) ++blocks_;
    if (blocks_ > 0 && Is(word, "end")) --blocks_;
  }
}

void StatementScanner::Restart(std::size_t pos) {
  pos_ = pos;
  has_token_ = false;
  mode_ = Mode::kPlain;
  after_escape_ = AfterEscape::kOther;
  nesting_ = {};
}

void StatementScanner::Rebase(std::size_t count) {
  pos_ -= count;
  if (has_token_) first_ -= count;
  if (has_token_) end_ -= count;
  if (mode_ == Mode::kBlockComment) comment_ -= count;
  if (mode_ == Mode::kDollarString) tag_ -= count;
}

void StatementScanner::Token(std::size_t begin, std::size_t end) {
  if (!has_token_) first_ = begin;
  has_token_ = true;
  end_ = end;
  after_escape_ = AfterEscape::kOther;
}

StatementScanner::Step StatementScanner::Consume(std::size_t end, Mode mode) {
  Token(pos_, end);
  pos_ = end;
  mode_ = mode;
  return Step::kContinue;
}

void StatementScanner::Blank(char c) {
  if (after_escape_ == AfterEscape::kOther) return;
  if (c == '\n' || c == '\r') {
    after_escape_ = AfterEscape::kNewline;
  } else if (after_escape_ == AfterEscape::kNothing) {
    after_escape_ = AfterEscape::kBlanks;
  }
}

bool StatementScanner::FindSemicolon(std::string_view text, bool last) {
  for (;;) {
    Step step = Step::kEndOfText;
    switch (mode_) {
      case Mode::kPlain:
        step = ScanPlain(text, last);
        break;
      case Mode::kString:
        step = SkipTo(text, "'", last);
        break;
      case Mode::kEscapeString:
        step = SkipEscapeString(text, last);
        break;
      case Mode::kDollarString:
        step = SkipTo(text, text.substr(tag_, tag_size_), last);
        break;
      case Mode::kName:
        step = SkipTo(text, "\"", last);
        break;
      case Mode::kLineComment:
        step = SkipLineComment(text);
        break;
      case Mode::kBlockComment:
        step = SkipBlockComment(text, last);
        break;
    }
    if (step != Step::kContinue) return step == Step::kFound;
  }
}

// Scans until the mode changes, a statement ends or the text ends.
StatementScanner::Step StatementScanner::ScanPlain(std::string_view text, bool last) {
  const Classes& classes = rules_ == ScriptRules::kTql ? kTqlClasses : kPostgresClasses;
  while (pos_ < text.size()) {
    const char c = text[pos_];
    Step step = Step::kContinue;
    switch (classes[static_cast<unsigned char>(c)]) {
      case Class::kOther:
        Token(pos_, pos_ + 1);
        ++pos_;
        continue;
      case Class::kBlank:
        Blank(c);
        ++pos_;
        continue;
      case Class::kSpecial:
        step = ScanSpecial(text, last);
        break;
      case Class::kWord:
        step = ScanWord(text, last);
        break;
      case Class::kDigit:
        step = ScanNumber(text, pos_, last);
        break;
    }
    if (step != Step::kContinue || mode_ != Mode::kPlain) return step;
  }
  return Step::kEndOfText;
}

StatementScanner::Step StatementScanner::ScanSpecial(std::string_view text, bool last) {
  const std::size_t next = pos_ + 1;
  switch (text[pos_]) {
    case ';':
      return nesting_.IsNested() ? Consume(next) : Step::kFound;
    case '\\':
      return backslash_ == Backslash::kCommand ? Step::kFound : Consume(next);
    case '-':
    case '/':
      return ScanComment(text, last);
    case '"':
      return Consume(next, Mode::kName);
    case '(':
      nesting_.Open();
      return Consume(next);
    case ')':
      nesting_.Close();
      return Consume(next);
    case '$':
      return ScanDollar(text, last);
    // A quote. Depending on what precedes it, it continues an E'…'.
    default: {
      const bool continues =
          after_escape_ == AfterEscape::kNothing || after_escape_ == AfterEscape::kNewline;
      return Consume(next, continues ? Mode::kEscapeString : Mode::kString);
    }
  }
}

// Scans a `-` or `/`, which may begin a comment.
StatementScanner::Step StatementScanner::ScanComment(std::string_view text, bool last) {
  if (pos_ + 1 == text.size() && !last) return Step::kEndOfText;
  const bool line = text[pos_] == '-';
  if (pos_ + 1 == text.size() || text[pos_ + 1] != (line ? '-' : '*')) return Consume(pos_ + 1);
  // A line comment between the parts of an E'…' counts as whitespace; a block comment does not.
  if (line) Blank(' ');
  if (!line) after_escape_ = AfterEscape::kOther;
  mode_ = line ? Mode::kLineComment : Mode::kBlockComment;
  comment_ = pos_;
  comment_depth_ = 1;
  pos_ += 2;
  return Step::kContinue;
}

StatementScanner::Step StatementScanner::ScanWord(std::string_view text, bool last) {
  std::size_t end = pos_ + 1;
  while (end < text.size() && (IsTagByte(text[end]) || text[end] == '$')) ++end;
  if (end == text.size() && !last) return Step::kEndOfText;
  const std::string_view word = text.substr(pos_, end - pos_);
  if (Is(word, "e") && end < text.size() && text[end] == '\'') {
    return Consume(end + 1, Mode::kEscapeString);
  }
  nesting_.Word(word);
  return Consume(end);
}

// Scans the digits from `digits` on and a letter directly after them: the letter is an exponent or
// an error, but not the prefix of a string.
StatementScanner::Step StatementScanner::ScanNumber(std::string_view text, std::size_t digits,
                                                    bool last) {
  std::size_t end = digits;
  while (end < text.size() && IsDigit(text[end])) ++end;
  if (end == text.size() && !last) return Step::kEndOfText;
  if (end < text.size() && BeginsWord(text[end])) ++end;
  return Consume(end);
}

// Scans $1, $$, $tag$, or a `$` that PostgreSQL rejects.
StatementScanner::Step StatementScanner::ScanDollar(std::string_view text, bool last) {
  std::size_t end = pos_ + 1;
  if (end < text.size() && IsDigit(text[end])) return ScanNumber(text, end, last);
  while (end < text.size() && IsTagByte(text[end])) ++end;
  if (end == text.size() && !last) return Step::kEndOfText;
  if (end == text.size() || text[end] != '$') return Consume(pos_ + 1);
  tag_ = pos_;
  tag_size_ = end + 1 - pos_;
  return Consume(end + 1, Mode::kDollarString);
}

// Scans to the end of the closing quote. A doubled quote closes and reopens the string at once,
// with the same result.
StatementScanner::Step StatementScanner::SkipTo(std::string_view text, std::string_view close,
                                                bool last) {
  const std::size_t at = text.find(close, pos_);
  if (at == std::string_view::npos) {
    const std::size_t half = last ? 0 : close.size() - 1;  // The end may be part of the tag.
    pos_ = std::max(pos_, text.size() - std::min(text.size(), half));
    end_ = text.size();
    return Step::kEndOfText;
  }
  end_ = pos_ = at + close.size();
  mode_ = Mode::kPlain;
  return Step::kContinue;
}

StatementScanner::Step StatementScanner::SkipEscapeString(std::string_view text, bool last) {
  for (;;) {
    const std::size_t at = text.find_first_of("'\\", pos_);
    const bool escape = at != std::string_view::npos && text[at] == '\\';
    if (at == std::string_view::npos || (escape && at + 1 == text.size())) {
      // A backslash at the end escapes a character that has not arrived yet.
      pos_ = escape && !last ? at : text.size();
      end_ = text.size();
      return Step::kEndOfText;
    }
    pos_ = at + (escape ? 2 : 1);
    if (escape) continue;
    end_ = pos_;
    mode_ = Mode::kPlain;
    after_escape_ = AfterEscape::kNothing;
    return Step::kContinue;
  }
}

StatementScanner::Step StatementScanner::SkipLineComment(std::string_view text) {
  pos_ = text.find_first_of("\n\r", pos_);
  if (pos_ == std::string_view::npos) {
    pos_ = text.size();
    return Step::kEndOfText;
  }
  mode_ = Mode::kPlain;  // The newline is scanned as whitespace.
  return Step::kContinue;
}

StatementScanner::Step StatementScanner::SkipBlockComment(std::string_view text, bool last) {
  const bool nests = rules_ == ScriptRules::kPostgres;
  for (;;) {
    const std::size_t at = text.find_first_of(nests ? "*/" : "*", pos_);
    if (at == std::string_view::npos || at + 1 == text.size()) {
      // The last character may be the first half of a mark. An unterminated comment is a token.
      pos_ = at == std::string_view::npos || last ? text.size() : at;
      if (last) Token(comment_, text.size());
      return Step::kEndOfText;
    }
    const std::string_view mark = text.substr(at, 2);
    pos_ = at + (mark == "*/" || (nests && mark == "/*") ? 2 : 1);
    if (nests && mark == "/*") ++comment_depth_;
    if (mark != "*/" || --comment_depth_ > 0) continue;
    mode_ = Mode::kPlain;
    return Step::kContinue;
  }
}

InputState StatementScanner::state() const {
  switch (mode_) {
    case Mode::kString:
    case Mode::kEscapeString:
    case Mode::kDollarString:
      return InputState::kString;
    case Mode::kName:
      return InputState::kName;
    case Mode::kBlockComment:
      return InputState::kComment;
    case Mode::kPlain:
    case Mode::kLineComment:
      break;
  }
  return has_token() ? InputState::kStatement : InputState::kBlank;
}

}  // namespace tql::dialect::internal

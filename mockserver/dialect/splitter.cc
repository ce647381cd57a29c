#include "mockserver/dialect/splitter.h"

#include <algorithm>
#include <array>

#include "mockserver/dialect/chars.h"

namespace tql::dialect {
namespace internal {
namespace {

enum class Class : std::uint8_t { kOther, kBlank, kSpecial };

// What a byte outside strings, names and comments calls for.
constexpr std::array<Class, 256> kClasses = [] {
  std::array<Class, 256> classes{};
  for (std::size_t i = 0; i < 128; ++i) {
    if (IsBlank(static_cast<char>(i))) classes[i] = Class::kBlank;
  }
  for (const char c : {'\'', '"', '-', '/', ';', '$', '\\'}) {
    classes[static_cast<unsigned char>(c)] = Class::kSpecial;
  }
  return classes;
}();

// A byte of a name without quotes to PostgreSQL.
bool IsNameByte(char c) {
  return IsWordChar(c) || c == '$' || static_cast<unsigned char>(c) >= 0x80U;
}

// "$tag$" at the start of `text`; empty when there is none.
std::string_view DollarTag(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && text[end] != '$' && IsNameByte(text[end])) ++end;
  const bool tag = end < text.size() && text[end] == '$' && !IsDigit(text[1]);
  return tag ? text.substr(0, end + 1) : std::string_view();
}

}  // namespace

void StatementScanner::Restart(std::size_t pos) {
  pos_ = pos;
  has_token_ = false;
  mode_ = Mode::kPlain;
}

void StatementScanner::Rebase(std::size_t count) {
  pos_ -= count;
  if (has_token_) first_ -= count;
  if (has_token_) end_ -= count;
  if (mode_ == Mode::kBlockComment) comment_ -= count;
}

bool StatementScanner::FindSemicolon(std::string_view text, bool last) {
  for (;;) {
    bool found = false;
    bool more = false;
    switch (mode_) {
      case Mode::kPlain:
        more = ScanPlain(text, last, &found);
        break;
      case Mode::kString:
        more = SkipTo(text, "'");
        break;
      case Mode::kEscapeString:
        more = SkipEscapeString(text);
        break;
      case Mode::kDollarString:
        more = SkipTo(text, tag_);
        break;
      case Mode::kName:
        more = SkipTo(text, "\"");
        break;
      case Mode::kLineComment:
      case Mode::kBlockComment:
        more = SkipComment(text, last);
        break;
    }
    if (found) return true;
    if (!more) return false;
  }
}

// Up to a semicolon (*found) or into another mode: true; to the end of the text: false.
bool StatementScanner::ScanPlain(std::string_view text, bool last, bool* found) {
  while (pos_ < text.size()) {
    const char c = text[pos_];
    const Class kind = kClasses[static_cast<unsigned char>(c)];
    if (kind == Class::kBlank) {
      ++pos_;
      continue;
    }
    if (kind == Class::kSpecial) {
      if (c == ';' || (c == '\\' && backslash_ == Backslash::kCommand)) return *found = true;
      if (c == '-' || c == '/') {
        if (pos_ + 1 == text.size() && !last) return false;
        const char next = pos_ + 1 < text.size() ? text[pos_ + 1] : '\0';
        if (next == (c == '-' ? '-' : '*')) {
          mode_ = c == '-' ? Mode::kLineComment : Mode::kBlockComment;
          comment_ = pos_;
          pos_ += 2;
          return true;
        }
      } else if (const Mode mode = StringAt(text); mode != Mode::kPlain) {
        const std::size_t size = mode == Mode::kDollarString ? tag_.size() : 1;
        mode_ = mode;
        Token(pos_, pos_ + size);
        pos_ += size;
        return true;
      }
    }
    Token(pos_, pos_ + 1);
    ++pos_;
  }
  return false;
}

// What begins at a quote or a dollar; kPlain when nothing does.
StatementScanner::Mode StatementScanner::StringAt(std::string_view text) {
  const char c = text[pos_];
  if (c == '"') return Mode::kName;
  if (c == '\\') return Mode::kPlain;
  if (rules_ == StringRules::kTql) return c == '$' ? Mode::kPlain : Mode::kString;
  const auto is_name = [&](std::size_t back) {
    return pos_ >= back && IsNameByte(text[pos_ - back]);
  };
  if (c == '$') {
    tag_ = is_name(1) ? std::string_view() : DollarTag(text.substr(pos_));
    return tag_.empty() ? Mode::kPlain : Mode::kDollarString;
  }
  const bool escapes = is_name(1) && ToLower(text[pos_ - 1]) == 'e' && !is_name(2);
  return escapes ? Mode::kEscapeString : Mode::kString;
}

// Behind the closing quote. A doubled quote closes here and opens again at once: the same result.
bool StatementScanner::SkipTo(std::string_view text, std::string_view close) {
  const std::size_t at = text.find(close, pos_);
  pos_ = at == std::string_view::npos ? text.size() : at + close.size();
  end_ = pos_;
  if (at == std::string_view::npos) return false;
  mode_ = Mode::kPlain;
  return true;
}

bool StatementScanner::SkipEscapeString(std::string_view text) {
  for (; pos_ < text.size(); ++pos_) {
    const bool doubled = text.substr(pos_).starts_with("''");
    if (text[pos_] == '\'' && !doubled) {
      end_ = ++pos_;
      mode_ = Mode::kPlain;
      return true;
    }
    if (text[pos_] == '\\' || doubled) ++pos_;
  }
  end_ = pos_ = text.size();
  return false;
}

bool StatementScanner::SkipComment(std::string_view text, bool last) {
  const bool line = mode_ == Mode::kLineComment;
  const std::size_t at = line ? text.find('\n', pos_) : text.find("*/", pos_);
  if (at == std::string_view::npos) {
    // A `*` at the end may be the first half of the comment's end.
    const bool half = !line && !last && pos_ < text.size() && text.back() == '*';
    pos_ = text.size() - (half ? 1 : 0);
    if (!line && last) Token(comment_, text.size());
    return false;
  }
  pos_ = at + (line ? 1 : 2);
  mode_ = Mode::kPlain;
  return true;
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

}  // namespace internal

namespace {

// The place of the byte that follows `passed`, when `passed` begins at `place`.
TextPlace Advance(TextPlace place, std::string_view passed) {
  const TextPlace within = PlaceOf(passed, passed.size());
  place.column = within.column + (within.line == 1 ? place.column - 1 : 0);
  place.line += within.line - 1;
  place.offset += passed.size();
  return place;
}

std::size_t ByteOrderMarkLength(std::string_view text) {
  return text.starts_with(kByteOrderMark) ? sizeof(kByteOrderMark) - 1 : 0;
}

// The statement that the scanner has just found in `text`.
ScriptStatement Found(std::string_view text, const internal::StatementScanner& scanner,
                      std::size_t begin, TextPlace place, bool terminated) {
  ScriptStatement statement;
  statement.text = text.substr(scanner.first(), scanner.end() - scanner.first());
  statement.preamble = text.substr(begin, scanner.first() - begin);
  statement.place = place;
  statement.terminated = terminated;
  return statement;
}

}  // namespace

InputState StateOf(std::string_view text) {
  internal::StatementScanner scanner;
  scanner.Restart(ByteOrderMarkLength(text));
  bool any = false;
  while (scanner.FindSemicolon(text, true)) {
    any = any || scanner.has_token();
    scanner.Restart(scanner.pos() + 1);
  }
  const InputState state = scanner.state();
  return state == InputState::kBlank && any ? InputState::kComplete : state;
}

InputState GrowingInput::Scan(std::string_view text) {
  while (scanner_.FindSemicolon(text, false)) {
    any_ = any_ || scanner_.has_token();
    scanner_.Restart(scanner_.pos() + 1);
  }
  const InputState state = scanner_.state();
  return state == InputState::kBlank && any_ ? InputState::kComplete : state;
}

std::size_t GrowingInput::FindCommand(std::string_view text) const {
  internal::StatementScanner scanner = scanner_;
  scanner.set_backslash(Backslash::kCommand);
  while (scanner.FindSemicolon(text, true)) {
    if (text[scanner.pos()] == '\\') return scanner.pos();
    scanner.Restart(scanner.pos() + 1);
  }
  return std::string_view::npos;
}

ScriptSplitter::ScriptSplitter(std::string_view script, StringRules rules)
    : script_(script), scanner_(rules) {
  scanner_.Restart(ByteOrderMarkLength(script));
}

std::optional<ScriptStatement> ScriptSplitter::Next() {
  for (;;) {
    const bool terminated = scanner_.FindSemicolon(script_, true);
    if (scanner_.has_token()) {
      place_ = Advance(place_, script_.substr(place_.offset, scanner_.first() - place_.offset));
      const ScriptStatement statement = Found(script_, scanner_, begin_, place_, terminated);
      begin_ = terminated ? scanner_.pos() + 1 : script_.size();
      scanner_.Restart(begin_);
      return statement;
    }
    if (!terminated) return std::nullopt;
    scanner_.Restart(scanner_.pos() + 1);
  }
}

void IncrementalSplitter::Feed(std::string_view chunk) {
  SkipCommand();
  // Drop what was handed out, when that is most of the buffer: each byte moves at most once.
  if (begin_ > buffer_.size() / 2) {
    place_ = Advance(place_, std::string_view(buffer_).substr(counted_, begin_ - counted_));
    scanner_.Rebase(begin_);
    searched_ -= std::min(searched_, begin_);
    buffer_.erase(0, begin_);
    begin_ = 0;
    counted_ = 0;
  }
  buffer_ += chunk;
}

void IncrementalSplitter::DropPreamble() {
  if (started_ && !scanner_.has_token()) begin_ = scanner_.pos();
}

// The command at the scanner's place, once its line has come.
std::optional<ScriptStatement> IncrementalSplitter::NextCommand() {
  const std::string_view text = buffer_;
  std::size_t end = text.find('\n', std::max(searched_, scanner_.pos()));
  searched_ = text.size();
  if (end == text.npos && !finished_) return std::nullopt;
  end = line_end_ = std::min(end, text.size());
  while (end > scanner_.pos() && IsBlank(text[end - 1])) --end;
  ScriptStatement statement;
  statement.command = text.substr(scanner_.pos(), end - scanner_.pos());
  if (scanner_.has_token()) {
    statement.text = text.substr(scanner_.first(), scanner_.end() - scanner_.first());
    statement.begun = Advance(place_, text.substr(counted_, scanner_.first() - counted_));
  }
  statement.place = Advance(place_, text.substr(counted_, scanner_.pos() - counted_));
  return statement;
}

void IncrementalSplitter::DropStatement() {
  if (line_end_ == 0) return;
  begin_ = line_end_;
  scanner_.Restart(begin_);
  line_end_ = 0;
  searched_ = 0;
}

std::string IncrementalSplitter::TakeRest() {
  if (line_end_ == 0) return {};
  const std::size_t begin = std::min(line_end_ + 1, buffer_.size());
  std::string rest = buffer_.substr(begin);
  buffer_.resize(begin);
  return rest;
}

void IncrementalSplitter::SkipCommand() {
  if (line_end_ == 0) return;
  searched_ = 0;
  if (!scanner_.has_token()) return DropStatement();
  buffer_.erase(scanner_.pos(), line_end_ - scanner_.pos());
  line_end_ = 0;
}

std::optional<ScriptStatement> IncrementalSplitter::Next() {
  SkipCommand();
  const std::string_view text = buffer_;
  if (!started_) {
    // A byte order mark is three bytes: with fewer it cannot be told yet.
    if (text.size() < sizeof(kByteOrderMark) - 1 && !finished_) return std::nullopt;
    started_ = true;
    scanner_.Restart(ByteOrderMarkLength(text));
  }
  for (;;) {
    const bool terminated = scanner_.FindSemicolon(text, finished_);
    if (!terminated && !finished_) return std::nullopt;
    if (terminated && text[scanner_.pos()] == '\\') return NextCommand();
    if (scanner_.has_token()) {
      place_ = Advance(place_, text.substr(counted_, scanner_.first() - counted_));
      counted_ = scanner_.first();
      const ScriptStatement statement = Found(text, scanner_, begin_, place_, terminated);
      begin_ = terminated ? scanner_.pos() + 1 : text.size();
      scanner_.Restart(begin_);
      return statement;
    }
    if (!terminated) return std::nullopt;
    scanner_.Restart(scanner_.pos() + 1);
  }
}

}  // namespace tql::dialect

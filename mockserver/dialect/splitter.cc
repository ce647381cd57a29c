#include "mockserver/dialect/splitter.h"

#include <algorithm>

#include "mockserver/dialect/chars.h"

namespace tql::dialect {
namespace {

// Returns the place of the byte after `passed`, which begins at `place`.
TextPlace Advance(TextPlace place, std::string_view passed) {
  const TextPlace within = PlaceOf(passed, passed.size());
  place.column = within.column + (within.line == 1 ? place.column - 1 : 0);
  place.line += within.line - 1;
  place.offset += passed.size();
  return place;
}

std::size_t ByteOrderMarkLength(std::string_view text) {
  return text.starts_with(base::kByteOrderMark) ? base::kByteOrderMark.size() : 0;
}

// Returns the statement that the scanner has just found in `text`.
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

InputState StateOf(std::string_view text, ScriptRules rules) {
  internal::StatementScanner scanner(rules);
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
  internal::StatementScanner rest = scanner_;  // The state if nothing follows.
  (void)rest.FindSemicolon(text, true);
  const InputState state = rest.state();
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

ScriptSplitter::ScriptSplitter(std::string_view script, ScriptRules rules)
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
  // Remove the returned statements once they are most of the buffer: amortized, each byte moves at
  // most once. The place and all positions are moved to the new beginning of the buffer first.
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
  if (started_ && !scanner_.has_token()) begin_ = scanner_.end_of_blanks();
}

// Returns the command at the scanner's position once its line is complete.
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
  const std::size_t begin = std::min(line_end_ + 1, buffer_.size());  // After the newline.
  std::string rest = buffer_.substr(begin);
  buffer_.resize(begin);
  return rest;
}

// Skips the command that Next() returned. Inside a statement its bytes are cut out of the buffer,
// so that the statement's text is contiguous when scanning continues.
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
    // A byte order mark has three bytes; wait until they have arrived.
    if (text.size() < base::kByteOrderMark.size() && !finished_) return std::nullopt;
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

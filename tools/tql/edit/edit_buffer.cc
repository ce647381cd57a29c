#include "tools/tql/edit/edit_buffer.h"

#include <algorithm>
#include <utility>

#include "proto/base/text.h"
#include "tools/tql/render/characters.h"

namespace tql::shell {
namespace {

bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n'; }

bool IsWord(char c) {
  return base::IsLetter(c) || base::IsDigit(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}
bool IsNoBlank(char c) { return !IsBlank(c); }

/// Returns the column of a position in its line, for moves to other lines.
std::size_t ColumnOf(std::string_view line) {
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    const std::size_t end = CharacterEnd(line, at);
    column += GlyphOf(line.substr(at, end - at), column).width;
    at = end;
  }
  return column;
}

}  // namespace

void EditBuffer::EndRun() {
  killing_ = false;
  goal_.reset();
}

void EditBuffer::Reset(std::string text) {
  EndRun();
  text_ = std::move(text);
  cursor_ = text_.size();
  changes_.clear();
}

std::size_t EditBuffer::LineBegin(std::size_t at) const {
  return at == 0 ? 0 : text_.rfind('\n', at - 1) + 1;
}

std::size_t EditBuffer::LineEnd(std::size_t at) const {
  return std::min(text_.find('\n', at), text_.size());
}

std::size_t EditBuffer::Back(Unit unit) const {
  if (unit == Unit::kText || cursor_ == 0) return 0;
  if (unit == Unit::kLine) return LineBegin(cursor_);
  if (unit == Unit::kCharacter) return CharacterBegin(text_, cursor_);
  const auto in_word = unit == Unit::kWord ? IsWord : IsNoBlank;
  std::size_t at = cursor_;
  while (at > 0 && !in_word(text_[at - 1])) --at;
  while (at > 0 && in_word(text_[at - 1])) --at;
  return at;
}

std::size_t EditBuffer::Forward(Unit unit) const {
  if (unit == Unit::kText || cursor_ == text_.size()) return text_.size();
  if (unit == Unit::kLine) return LineEnd(cursor_);
  if (unit == Unit::kCharacter) return CharacterEnd(text_, cursor_);
  const auto in_word = unit == Unit::kWord ? IsWord : IsNoBlank;
  std::size_t at = cursor_;
  while (at < text_.size() && !in_word(text_[at])) ++at;
  while (at < text_.size() && in_word(text_[at])) ++at;
  return at;
}

void EditBuffer::MoveTo(std::size_t place) {
  EndRun();
  cursor_ = place;
}

bool EditBuffer::MoveLine(bool down) {
  killing_ = false;
  const std::size_t begin = LineBegin(cursor_);
  const std::size_t end = LineEnd(cursor_);
  if (down ? end == text_.size() : begin == 0) return false;
  if (!goal_) goal_ = ColumnOf(std::string_view(text_).substr(begin, cursor_ - begin));
  const std::size_t other = down ? end + 1 : LineBegin(begin - 1);
  const std::size_t other_end = LineEnd(other);
  cursor_ = other;
  for (std::size_t column = 0; cursor_ < other_end;) {
    const std::size_t next = CharacterEnd(text_, cursor_);
    column += GlyphOf(std::string_view(text_).substr(cursor_, next - cursor_), column).width;
    if (column > *goal_) break;
    cursor_ = next;
  }
  return true;
}

bool EditBuffer::JoinsTyping(std::size_t at, std::string_view text) const {
  if (changes_.empty() || !changes_.back().typed) return false;
  const Change& last = changes_.back();
  const bool new_word = IsBlank(last.inserted.back()) && !IsBlank(text.front());
  return last.at + last.inserted.size() == at && !new_word;
}

void EditBuffer::Replace(std::size_t at, std::size_t length, std::string_view text, bool typed) {
  if (length == 0 && text.empty()) return;
  if (typed && length == 0 && JoinsTyping(at, text)) {
    changes_.back().inserted += text;
  } else {
    changes_.push_back({at, text_.substr(at, length), std::string(text), cursor_, typed});
    if (changes_.size() > kMostChanges) changes_.pop_front();
  }
  text_.replace(at, length, text);
  cursor_ = at + text.size();
}

void EditBuffer::Type(std::string_view character) {
  EndRun();
  Replace(cursor_, 0, character, true);
}

void EditBuffer::Insert(std::string_view text) {
  EndRun();
  Replace(cursor_, 0, std::string(text));
}

void EditBuffer::ReplaceBefore(std::size_t bytes, std::string_view text) {
  EndRun();
  Replace(cursor_ - bytes, bytes, text);
}

void EditBuffer::EraseTo(std::size_t place) {
  EndRun();
  const auto [from, to] = std::minmax(cursor_, place);
  Replace(from, to - from, {});
}

void EditBuffer::KillTo(std::size_t place) {
  const bool joined = killing_;
  const auto [from, to] = std::minmax(cursor_, place);
  const std::string gone = text_.substr(from, to - from);
  const bool back = place < cursor_;
  if (!joined) killed_.clear();
  killed_ = back ? gone + killed_ : killed_ + gone;
  EraseTo(place);
  killing_ = true;
}

void EditBuffer::Transpose() {
  EndRun();
  std::size_t middle = cursor_;
  if (cursor_ == LineEnd(cursor_) && cursor_ > LineBegin(cursor_)) middle = Back(Unit::kCharacter);
  if (middle == LineBegin(middle)) return;
  const std::size_t begin = CharacterBegin(text_, middle);
  const std::size_t end = CharacterEnd(text_, middle);
  Replace(begin, end - begin,
          text_.substr(middle, end - middle) + text_.substr(begin, middle - begin));
}

void EditBuffer::ChangeCase(Case to) {
  EndRun();
  const std::size_t end = Forward(Unit::kWord);
  std::string word = text_.substr(cursor_, end - cursor_);
  bool begun = false;
  for (char& c : word) {
    const bool upper = to == Case::kUpper || (to == Case::kCapital && !begun);
    begun = begun || IsWord(c);
    c = upper ? base::ToUpper(c) : base::ToLower(c);
  }
  Replace(cursor_, word.size(), word);
}

bool EditBuffer::Undo() {
  EndRun();
  if (changes_.empty()) return false;
  const Change change = std::move(changes_.back());
  changes_.pop_back();
  text_.replace(change.at, change.inserted.size(), change.removed);
  cursor_ = change.cursor;
  return true;
}

}  // namespace tql::shell

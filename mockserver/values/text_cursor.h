// A cursor over the text of a date or time.
#ifndef TQLKIT_MOCKSERVER_VALUES_TEXT_CURSOR_H_
#define TQLKIT_MOCKSERVER_VALUES_TEXT_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "proto/base/text.h"

namespace tql::values {

using base::IsBlank;
using base::IsDigit;
using base::IsLetter;

class TextCursor {
 public:
  explicit TextCursor(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  std::size_t position() const { return at_; }
  void MoveTo(std::size_t position) { at_ = position; }
  /// Returns the character `ahead` of the current one, or NUL past the end.
  char Peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  void Advance() { ++at_; }
  /// Ends the text after the next `size` characters; returns false if it is shorter.
  bool LimitTo(std::size_t size) {
    if (text_.size() - at_ < size) return false;
    text_ = text_.substr(0, at_ + size);
    return true;
  }
  bool Take(char c) {
    if (at_end() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool Take(std::string_view text) {
    if (!text_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }
  /// Ignores case.
  bool TakeWord(std::string_view word) {
    if (!base::StartsWithIgnoreCase(text_.substr(at_), word)) return false;
    at_ += word.size();
    return true;
  }
  void SkipBlanks() {
    while (!at_end() && IsBlank(text_[at_])) ++at_;
  }
  /// The number of digits that follow, at most `limit`.
  std::size_t CountDigits(std::size_t limit) const {
    std::size_t n = 0;
    while (n < limit && IsDigit(Peek(n))) ++n;
    return n;
  }
  /// Takes `count` digits as a number; larger ones become 2,000,000,000.
  std::int32_t TakeDigits(std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = 0; i < count; ++i) {
      value = value * 10 + (text_[at_++] - '0');
      if (value > kLargest) value = kLargest;
    }
    return static_cast<std::int32_t>(value);
  }

 private:
  static constexpr std::int64_t kLargest = 2'000'000'000;

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tql::values

#endif  // TQLKIT_MOCKSERVER_VALUES_TEXT_CURSOR_H_

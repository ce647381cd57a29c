// A cursor over the text of a date or time.
#ifndef TQLKIT_MOCKSERVER_PLAN_TEXT_CURSOR_H_
#define TQLKIT_MOCKSERVER_PLAN_TEXT_CURSOR_H_

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace tql::plan {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
inline bool IsLetter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline char LowerLetter(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

inline std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && IsBlank(text.front())) text.remove_prefix(1);
  while (!text.empty() && IsBlank(text.back())) text.remove_suffix(1);
  return text;
}

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
    if (text_.size() - at_ < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (LowerLetter(text_[at_ + i]) != LowerLetter(word[i])) return false;
    }
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

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_TEXT_CURSOR_H_

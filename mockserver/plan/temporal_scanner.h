// Reads texts of dates and times piece by piece; for the sources of plan/ that do.
#ifndef TQLKIT_MOCKSERVER_PLAN_TEMPORAL_SCANNER_H_
#define TQLKIT_MOCKSERVER_PLAN_TEMPORAL_SCANNER_H_

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

#include "mockserver/plan/number_text.h"

namespace tql::plan {

inline bool IsDigit(char c) { return c >= '0' && c <= '9'; }
inline bool IsBlank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// Reads a text from its front; every call says whether it could.
class TemporalScanner {
 public:
  explicit TemporalScanner(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ == text_.size(); }
  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }
  bool Number(std::size_t max_digits, std::uint32_t low, std::uint32_t high, std::uint32_t* value) {
    std::uint32_t number = 0;
    std::size_t digits = 0;
    while (digits < max_digits && at_ < text_.size() && IsDigit(text_[at_])) {
      number = number * 10 + static_cast<std::uint32_t>(text_[at_++] - '0');
      ++digits;
    }
    *value = number;
    return digits > 0 && number >= low && number <= high;
  }
  bool Epoch(std::int64_t* value) {
    std::size_t end = at_;
    if (end < text_.size() && text_[end] == '-') ++end;
    while (end < text_.size() && IsDigit(text_[end])) ++end;
    const std::optional<std::int64_t> number = ParseInteger(text_.substr(at_, end - at_));
    if (!number) return false;
    at_ = end;
    *value = *number;
    return true;
  }
  /// A blank of the pattern stands for any number of blanks.
  bool Literal(std::string_view literal) {
    for (const char c : literal) {
      if (IsBlank(c)) {
        SkipBlanks();
      } else if (at_ < text_.size() && text_[at_] == c) {
        ++at_;
      } else {
        return false;
      }
    }
    return true;
  }
  /// One of the names, whole or by its first three letters; `index` counts from 0.
  template <std::size_t N>
  bool Word(const std::array<std::string_view, N>& names, std::uint32_t* index) {
    for (std::uint32_t i = 0; i < N; ++i) {
      if (Prefix(names[i]) || Prefix(names[i].substr(0, 3))) {
        *index = i;
        return true;
      }
    }
    return false;
  }
  bool Prefix(std::string_view word) {
    if (text_.size() - at_ < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i) {
      if (Lower(text_[at_ + i]) != Lower(word[i])) return false;
    }
    at_ += word.size();
    return true;
  }

 private:
  static char Lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace tql::plan

#endif  // TQLKIT_MOCKSERVER_PLAN_TEMPORAL_SCANNER_H_

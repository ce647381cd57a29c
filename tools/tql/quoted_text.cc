#include "tools/tql/quoted_text.h"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "mockserver/dialect/lexer.h"
#include "proto/base/utf8.h"

namespace tql::shell {
namespace {

/// Removes up to `most` digits of the base and returns their value; nullopt if there are fewer than
/// `fewest`.
std::optional<std::uint32_t> TakeDigits(std::string_view* text, int base, std::size_t fewest,
                                        std::size_t most) {
  std::uint32_t value = 0;
  const char* const begin = text->data();
  const auto [end, error] =
      std::from_chars(begin, begin + std::min(most, text->size()), value, base);
  const auto count = static_cast<std::size_t>(end - begin);
  if (error != std::errc() || count < fewest) return std::nullopt;
  text->remove_prefix(count);
  return value;
}

/// Removes the escape after a backslash. Returns false if it is incomplete or not a character.
bool TakeEscape(std::string_view* text, std::string* out) {
  constexpr std::string_view kLetters = "bfnrt";
  constexpr std::string_view kControls = "\b\f\n\r\t";
  constexpr std::uint32_t kByte = 0xFF;
  if (text->empty()) return false;
  const char c = text->front();
  std::optional<std::uint32_t> code;
  if (c >= '0' && c <= '7') {
    code = TakeDigits(text, 8, 1, 3);
    *out += static_cast<char>(*code & kByte);
    return true;
  }
  text->remove_prefix(1);
  if (c == 'x' && (code = TakeDigits(text, 16, 1, 2))) {
    *out += static_cast<char>(*code);
  } else if (c == 'u' || c == 'U') {
    const std::size_t digits = c == 'u' ? 4 : 8;
    code = TakeDigits(text, 16, digits, digits);
    if (!code || *code > 0x10FFFF) return false;
    base::AppendUtf8(static_cast<char32_t>(*code), out);
  } else if (const std::size_t control = kLetters.find(c); control != kLetters.npos) {
    *out += kControls[control];
  } else {
    *out += c;
  }
  return true;
}

}  // namespace

void AppendInQuotes(std::string_view text, std::string* out) {
  *out += '\'';
  for (;;) {
    const std::size_t quote = text.find('\'');
    *out += text.substr(0, quote);
    if (quote == text.npos) break;
    *out += "''";
    text.remove_prefix(quote + 1);
  }
  *out += '\'';
}

std::size_t BehindEscaped(std::string_view text, std::size_t begin) {
  for (std::size_t at = begin + 1; at < text.size(); ++at) {
    const bool doubled = at + 1 < text.size() && text[at + 1] == text[begin];
    if (text[at] == '\\' || (text[at] == text[begin] && doubled)) {
      ++at;
    } else if (text[at] == text[begin]) {
      return at + 1;
    }
  }
  return text.npos;
}

std::optional<std::string> TakeEscaped(std::string_view* text) {
  const std::size_t end = BehindEscaped(*text, 1);
  if (end == text->npos) return std::nullopt;
  std::string_view rest = text->substr(2, end - 3);
  std::string plain;
  while (!rest.empty()) {
    const char c = rest.front();
    rest.remove_prefix(1);
    if (c == '\\') {
      if (!TakeEscape(&rest, &plain)) return std::nullopt;
    } else {
      plain += c;
      if (c == '\'') rest.remove_prefix(1);  // a doubled quote
    }
  }
  if (dialect::CheckText(plain).kind != dialect::TokenKind::kEnd) return std::nullopt;
  text->remove_prefix(end);
  return plain;
}

std::size_t BehindQuoted(std::string_view text, std::size_t begin) {
  const char quote = text[begin];
  for (std::size_t at = begin;;) {
    at = text.find(quote, at + 1);
    if (at == text.npos) return at;
    if (at + 1 == text.size() || text[at + 1] != quote) return at + 1;
    ++at;
  }
}

std::string TakeQuoted(std::string_view* text) {
  const std::size_t end = BehindQuoted(*text, 0);
  if (end == text->npos) return {};
  const std::string_view inner = text->substr(1, end - 2);
  std::string plain;
  for (std::size_t at = 0; at < inner.size(); ++at) {
    plain += inner[at];
    if (inner[at] == text->front()) ++at;
  }
  text->remove_prefix(end);
  return plain;
}

}  // namespace tql::shell

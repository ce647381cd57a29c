#include "tools/tql/visible.h"

#include <algorithm>
#include <cwchar>

#include "tql/wire/utf8.h"

namespace tql::shell {
namespace {

void AppendHex(unsigned char byte, std::string& out) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out += "\\x";
  out += kHex[byte >> 4U];
  out += kHex[byte & 15U];
}

std::string Escape(std::string_view text, bool keep_lines) {
  std::string visible;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const auto next = static_cast<unsigned char>(i + 1 < text.size() ? text[i + 1] : '\0');
    if (keep_lines && (c == '\n' || c == '\t')) {
      visible += c;
    } else if (c == '\n') {
      visible += "\\n";
    } else if (c == '\t') {
      visible += "\\t";
    } else if (c == '\r') {
      visible += "\\r";
    } else if (byte == 0xC2 && next >= 0x80 && next < 0xA0) {  // U+0080 to U+009F
      AppendHex(next, visible);
      ++i;
    } else if (byte < 0x20 || byte == 0x7F) {
      AppendHex(byte, visible);
    } else if (byte < 0x80) {
      visible += c;
    } else {
      const Utf8Char character = DecodeUtf8(text.data() + i, text.data() + text.size());
      if (character.valid) {
        visible += text.substr(i, character.length);
        i += character.length - 1U;
      } else {
        AppendHex(byte, visible);  // a terminal might know it as a control of 8 bits
      }
    }
  }
  return visible;
}

}  // namespace

std::string Visible(std::string_view text) { return Escape(text, false); }
std::string VisibleLines(std::string_view text) { return Escape(text, true); }

std::size_t DisplayWidth(std::string_view text) {
  std::mbstate_t state{};
  std::size_t width = 0;
  for (const char* at = text.data(); at != text.data() + text.size();) {
    wchar_t c = 0;
    const auto left = static_cast<std::size_t>(text.data() + text.size() - at);
    const std::size_t length = std::mbrtowc(&c, at, left, &state);
    if (length == static_cast<std::size_t>(-1) || length == static_cast<std::size_t>(-2)) {
      state = {};
      ++width;
      ++at;
      continue;
    }
    width += static_cast<std::size_t>(std::max(0, wcwidth(c)));
    at += std::max<std::size_t>(length, 1);
  }
  return width;
}

}  // namespace tql::shell

#include "tools/tql/render/visible.h"

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::shell {
namespace {

void AppendEscape(char byte, std::string& out) {
  out += "\\x";
  base::AppendHex(byte, &out);
}

std::string Escape(std::string_view text, bool keep_lines) {
  std::string visible;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (keep_lines && (c == '\n' || c == '\t')) {
      visible += c;
    } else if (c == '\n') {
      visible += "\\n";
    } else if (c == '\t') {
      visible += "\\t";
    } else if (c == '\r') {
      visible += "\\r";
    } else if (byte == 0xC2 && (next & 0xE0) == 0x80) {  // U+0080 to U+009F
      AppendEscape(next, visible);
      ++i;
    } else if (byte < 0x20 || byte == 0x7F) {
      AppendEscape(c, visible);
    } else if (byte < 0x80) {
      visible += c;
    } else {
      const base::Utf8Char character = base::DecodeUtf8(text, i);
      if (character.valid) {
        visible += text.substr(i, character.length);
        i += character.length - 1U;
      } else {
        AppendEscape(c, visible);  // a terminal might know it as a control of 8 bits
      }
    }
  }
  return visible;
}

}  // namespace

std::string Visible(std::string_view text) { return Escape(text, false); }
std::string VisibleLines(std::string_view text) { return Escape(text, true); }

}  // namespace tql::shell

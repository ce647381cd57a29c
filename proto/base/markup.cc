#include "proto/base/markup.h"

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::base {

std::string EscapedMarkup(std::string_view text) {
  std::string escaped;
  escaped.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Char c = DecodeUtf8(text, at);
    const std::string_view bytes = text.substr(at, c.length);
    at += c.length;
    if (!c.valid) {
      escaped += "\uFFFD";
    } else if (c.code_point == '&') {
      escaped += "&amp;";
    } else if (c.code_point == '<') {
      escaped += "&lt;";
    } else if (c.code_point == '>') {
      escaped += "&gt;";
    } else if (c.code_point == '"') {
      escaped += "&quot;";
    } else if (c.code_point == '\n') {
      escaped += "&#10;";
    } else if (c.code_point == '\t') {
      escaped += "&#9;";
    } else if (c.code_point < ' ') {
      escaped += "#x";
      AppendHex(bytes.front(), &escaped, kUpperHex);
    } else if (c.code_point == 0xFFFE || c.code_point == 0xFFFF) {
      escaped += c.code_point == 0xFFFE ? "#xFFFE" : "#xFFFF";
    } else {
      escaped += bytes;
    }
  }
  return escaped;
}

}  // namespace tql::base

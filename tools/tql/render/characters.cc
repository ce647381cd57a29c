#include "tools/tql/render/characters.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdio>

#include "proto/base/text.h"
#include "proto/base/utf8.h"

namespace tql::shell {
namespace {

constexpr std::size_t kTabStop = 8;
constexpr std::size_t kWidest = 2;
constexpr char32_t kZeroWidthJoiner = 0x200D;
constexpr char32_t kEmojiVariation = 0xFE0F;  // makes the preceding emoji coloured and wide

utf8proc_int32_t Code(char32_t c) { return static_cast<utf8proc_int32_t>(c); }

char32_t CodePointAt(std::string_view text, std::size_t at) {
  return base::DecodeUtf8(text, at).code_point;
}

/// Bidirectional control characters, with which a statement could look like another one.
bool TurnsText(char32_t c) {
  return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

/// Whether the code point has no visible or known glyph.
bool IsUnprintable(char32_t c) {
  switch (utf8proc_category(Code(c))) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_CN:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
      return true;
    default:
      return TurnsText(c);
  }
}

/// Returns the width in columns. Spacing marks occupy a column on terminals, but not according to
/// utf8proc.
std::size_t CodePointWidth(char32_t c) {
  if (utf8proc_category(Code(c)) == UTF8PROC_CATEGORY_MC) return 1;
  return static_cast<std::size_t>(utf8proc_charwidth(Code(c)));
}

bool MayBeEmoji(char32_t c) {
  return utf8proc_get_property(Code(c))->boundclass == UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/// Whether there is a character boundary between two code points regardless of the preceding text.
/// After a joiner, and between the halves of a flag, this depends on more than these two.
bool SurelyBreaks(char32_t before, char32_t behind) {
  return before != kZeroWidthJoiner && utf8proc_grapheme_break(Code(before), Code(behind));
}

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
        AppendEscape(c, visible);  // some terminals interpret it as an 8-bit control
      }
    }
  }
  return visible;
}

}  // namespace

std::size_t CharacterEnd(std::string_view text, std::size_t at) {
  utf8proc_int32_t state = 0;
  char32_t before = CodePointAt(text, at);
  at += base::DecodeUtf8(text, at).length;
  while (at < text.size()) {
    const base::Utf8Char next = base::DecodeUtf8(text, at);
    if (utf8proc_grapheme_break_stateful(Code(before), Code(next.code_point), &state)) break;
    before = next.code_point;
    at += next.length;
  }
  return at;
}

std::size_t CharacterBegin(std::string_view text, std::size_t at) {
  // Go back to a certain boundary, and forward from there.
  std::size_t begin = base::Utf8Floor(text, at - 1);
  while (begin > 0) {
    const std::size_t before = base::Utf8Floor(text, begin - 1);
    if (SurelyBreaks(CodePointAt(text, before), CodePointAt(text, begin))) break;
    begin = before;
  }
  for (;;) {
    const std::size_t end = CharacterEnd(text, begin);
    if (end >= at) return begin;
    begin = end;
  }
}

std::size_t CharacterWidth(std::string_view character) {
  std::size_t width = 0;
  const bool emoji = MayBeEmoji(CodePointAt(character, 0));
  for (std::size_t at = 0; at < character.size();) {
    const base::Utf8Char c = base::DecodeUtf8(character, at);
    width += emoji && c.code_point == kEmojiVariation ? kWidest : CodePointWidth(c.code_point);
    at += c.length;
  }
  return std::min(width, kWidest);  // characters after a joiner are displayed in place of the first
}

std::size_t DisplayWidth(std::string_view text) {
  if (std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7F'; })) return text.size();
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = CharacterEnd(text, at);
    width += CharacterWidth(text.substr(at, end - at));
    at = end;
  }
  return width;
}

Glyph GlyphOf(std::string_view character, std::size_t column) {
  const char32_t c = CodePointAt(character, 0);
  if (c == '\t') {
    const std::size_t width = kTabStop - column % kTabStop;
    return {std::string(width, ' '), width};
  }
  if (c < 0x20 || c == 0x7F) {
    return {{'^', static_cast<char>(c ^ 0x40U)}, 2, true};
  }
  if (IsUnprintable(c)) {
    char escape[16];
    const int length = std::snprintf(escape, sizeof escape, c < 0x100 ? "\\x%02x" : "\\u%04x",
                                     static_cast<unsigned>(c));
    return {escape, static_cast<std::size_t>(length), true};
  }
  const std::size_t width = CharacterWidth(character);
  if (width > 0) return {std::string(character), width};
  return {"\u25CC" + std::string(character), 1};  // a combining mark without a base letter
}

std::string Visible(std::string_view text) { return Escape(text, false); }
std::string VisibleLines(std::string_view text) { return Escape(text, true); }

}  // namespace tql::shell

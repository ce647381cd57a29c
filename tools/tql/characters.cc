#include "tools/tql/characters.h"

#include <cstdio>
#include <cwchar>

#include "proto/base/utf8.h"

namespace tql::shell {
namespace {

constexpr std::size_t kTabStop = 8;

bool IsControl(char32_t c) { return c < 0x20 || (c >= 0x7F && c < 0xA0); }

/// Marks that turn the direction of a text: a statement could look like another one.
bool TurnsText(char32_t c) {
  return c == 0x61C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) ||
         (c >= 0x2066 && c <= 0x2069);
}

/// Whether it shows on the character before it.
bool IsMark(char32_t c) {
  return c >= 0x300 && !TurnsText(c) && wcwidth(static_cast<wchar_t>(c)) == 0;
}

base::Utf8Char At(std::string_view text, std::size_t at) { return base::DecodeUtf8(text, at); }

std::size_t CodePointBegin(std::string_view text, std::size_t at) {
  return base::Utf8Floor(text, at - 1);
}

}  // namespace

std::size_t CharacterEnd(std::string_view text, std::size_t at) {
  const base::Utf8Char first = At(text, at);
  at += first.length;
  if (IsControl(first.code_point)) return at;
  while (at < text.size()) {
    const base::Utf8Char next = At(text, at);
    if (!IsMark(next.code_point)) break;
    at += next.length;
  }
  return at;
}

std::size_t CharacterBegin(std::string_view text, std::size_t at) {
  std::size_t begin = CodePointBegin(text, at);
  while (begin > 0 && IsMark(At(text, begin).code_point)) {
    const std::size_t before = CodePointBegin(text, begin);
    if (IsControl(At(text, before).code_point)) break;
    begin = before;
  }
  return begin;
}

Glyph GlyphOf(std::string_view character, std::size_t column) {
  const char32_t c = At(character, 0).code_point;
  if (c == '\t') {
    const std::size_t width = kTabStop - column % kTabStop;
    return {std::string(width, ' '), width};
  }
  if (c < 0x20 || c == 0x7F) {
    return {{'^', static_cast<char>(c ^ 0x40U)}, 2, true};
  }
  const int width = wcwidth(static_cast<wchar_t>(c));
  if (IsControl(c) || TurnsText(c) || width < 0) {
    char escape[16];
    const int length = std::snprintf(escape, sizeof escape, c < 0x100 ? "\\x%02x" : "\\u%04x",
                                     static_cast<unsigned>(c));
    return {escape, static_cast<std::size_t>(length), true};
  }
  if (width > 0) return {std::string(character), static_cast<std::size_t>(width)};
  if (IsMark(c)) return {"\u25CC" + std::string(character), 1};  // there is nothing to show it on
  return {std::string(character), 0};
}

}  // namespace tql::shell

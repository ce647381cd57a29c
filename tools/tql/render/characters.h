// User-perceived characters (grapheme clusters), such as a letter with its combining marks or an
// emoji of several code points; their display on a terminal; and escaping of received text for
// terminals.
#ifndef TQLKIT_TOOLS_TQL_RENDER_CHARACTERS_H_
#define TQLKIT_TOOLS_TQL_RENDER_CHARACTERS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace tql::shell {

/// Returns the end of the character that begins at `at`, which must be within the text. The text is
/// UTF-8.
std::size_t CharacterEnd(std::string_view text, std::size_t at);
/// Returns the start of the character that ends at `at`, which must not be 0.
std::size_t CharacterBegin(std::string_view text, std::size_t at);

/// Returns the width of a character in columns, 0 to 2. The width of control characters is 0.
std::size_t CharacterWidth(std::string_view character);
/// Returns the width of a text in columns.
std::size_t DisplayWidth(std::string_view text);

/// The displayed form of a character.
struct Glyph {
  std::string text;
  std::size_t width = 0;  ///< In columns.
  bool escape = false;    ///< ASCII in place of something else, each byte one column wide.
};

/// Returns the glyph of a character other than a newline. The width of a tab depends on the column.
/// Control characters, including bidirectional ones, are displayed as escapes.
Glyph GlyphOf(std::string_view character, std::size_t column);

/// Replaces control characters, which could move the cursor or change the terminal, by escapes.
std::string Visible(std::string_view text);
/// The same, except line ends and tabs.
std::string VisibleLines(std::string_view text);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_CHARACTERS_H_

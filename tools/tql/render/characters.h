// Characters as a person sees them: grapheme clusters, such as a letter with its combining marks or
// an emoji of several code points; how each shows on a terminal; and texts from a service, made
// safe for one.
#ifndef TQLKIT_TOOLS_TQL_RENDER_CHARACTERS_H_
#define TQLKIT_TOOLS_TQL_RENDER_CHARACTERS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace tql::shell {

/// The end of the character that begins at `at`, a position inside the text. The text is UTF-8.
std::size_t CharacterEnd(std::string_view text, std::size_t at);
/// The start of the character that ends at `at`, a position behind the start of the text.
std::size_t CharacterBegin(std::string_view text, std::size_t at);

/// The columns that one character takes: 0 to 2. Control characters take none.
std::size_t CharacterWidth(std::string_view character);
/// The columns that a text takes.
std::size_t DisplayWidth(std::string_view text);

/// How a character shows.
struct Glyph {
  std::string text;
  std::size_t width = 0;  ///< In columns.
  bool escape = false;    ///< ASCII in place of something else, each byte one column wide.
};

/// The glyph of one character other than a newline. The width of a tab depends on the column.
/// Control characters and marks that turn the direction of the text show as escapes.
Glyph GlyphOf(std::string_view character, std::size_t column);

/// The text without what would move the cursor or change the terminal: control characters show as
/// escapes.
std::string Visible(std::string_view text);
/// The same, but line ends and tabs stay.
std::string VisibleLines(std::string_view text);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_CHARACTERS_H_

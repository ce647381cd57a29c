// Characters as a person sees them: a letter with its combining marks is one, and what a terminal
// would obey shows as an escape.
#ifndef TQLKIT_TOOLS_TQL_CHARACTERS_H_
#define TQLKIT_TOOLS_TQL_CHARACTERS_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace tql::shell {

/// Where the character ends that begins at `at`, a position inside the text. The text is UTF-8.
std::size_t CharacterEnd(std::string_view text, std::size_t at);
/// Where the character begins that ends at `at`, a position behind the start of the text.
std::size_t CharacterBegin(std::string_view text, std::size_t at);

/// How a character shows.
struct Glyph {
  std::string text;
  std::size_t width = 0;  ///< In columns.
  bool escape = false;    ///< ASCII that stands for something else, each byte a column wide.
};

/// The glyph of one character, which is no newline, at a column: that is where a tab depends on.
Glyph GlyphOf(std::string_view character, std::size_t column);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_CHARACTERS_H_

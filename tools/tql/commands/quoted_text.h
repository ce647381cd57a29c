// Texts in single quotes, as the commands of the shell take them.
#ifndef TQLKIT_TOOLS_TQL_COMMANDS_QUOTED_TEXT_H_
#define TQLKIT_TOOLS_TQL_COMMANDS_QUOTED_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tql::shell {

/// Behind what the quote at `begin` opens, where a doubled quote closes and opens again; npos when
/// nothing closes it.
std::size_t BehindQuoted(std::string_view text, std::size_t begin);

/// The same for a text in which a backslash takes the next character, too.
std::size_t BehindEscaped(std::string_view text, std::size_t begin);

/// Appends the text in single quotes, each of its own doubled.
void AppendInQuotes(std::string_view text, std::string* out);

/// Takes E'text' off the front of `text` and undoes PostgreSQL's escapes: \b \f \n \r \t, \o \oo
/// \ooo, \xh \xhh, \uXXXX, \UXXXXXXXX; any other character stands for itself. Nothing, and nothing
/// is taken, when the text is never closed, an escape is incomplete, or the result is not UTF-8 or
/// has a NUL.
std::optional<std::string> TakeEscaped(std::string_view* text);

/// Takes the quoted text that `text` begins with off it: what stands between the quotes, where a
/// doubled one is one. Empty, and nothing is taken, when it is never closed.
std::string TakeQuoted(std::string_view* text);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COMMANDS_QUOTED_TEXT_H_

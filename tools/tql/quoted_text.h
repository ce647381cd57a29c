// Strings in single quotes, as arguments of commands.
#ifndef TQLKIT_TOOLS_TQL_QUOTED_TEXT_H_
#define TQLKIT_TOOLS_TQL_QUOTED_TEXT_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace tql::shell {

/// Returns the position after the string that the quote at `begin` opens; a doubled quote does not
/// end it. npos if the string is not terminated.
std::size_t BehindQuoted(std::string_view text, std::size_t begin);

/// The same for a string in which a backslash escapes the next character.
std::size_t BehindEscaped(std::string_view text, std::size_t begin);

/// Appends the text in single quotes, doubling the quotes in it.
void AppendInQuotes(std::string_view text, std::string* out);

/// Removes E'text' from the front of `text` and returns its value, with PostgreSQL's escapes: \b \f
/// \n \r \t, \o \oo \ooo, \xh \xhh, \uXXXX, \UXXXXXXXX; any other escaped character stands for
/// itself. Returns nullopt, and removes nothing, if the string is not terminated, an escape is
/// incomplete, or the value is not valid UTF-8 or contains a NUL.
std::optional<std::string> TakeEscaped(std::string_view* text);

/// Removes the quoted string at the front of `text` and returns its value; a doubled quote is one
/// quote. Returns an empty string, and removes nothing, if it is not terminated.
std::string TakeQuoted(std::string_view* text);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_QUOTED_TEXT_H_

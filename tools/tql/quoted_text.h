// Texts in single quotes, as the commands of the shell take them.
#ifndef TQLKIT_TOOLS_TQL_QUOTED_TEXT_H_
#define TQLKIT_TOOLS_TQL_QUOTED_TEXT_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace tql::shell {

/// Behind what the quote at `begin` opens, where a doubled quote closes and opens again; npos when
/// nothing closes it.
std::size_t BehindQuoted(std::string_view text, std::size_t begin);

/// Takes the quoted text that `text` begins with off it: what stands between the quotes, where a
/// doubled one is one. Empty, and nothing is taken, when it is never closed.
std::string TakeQuoted(std::string_view* text);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_QUOTED_TEXT_H_

// Texts from a service, made safe for a terminal.
#ifndef TQLKIT_TOOLS_TQL_RENDER_VISIBLE_H_
#define TQLKIT_TOOLS_TQL_RENDER_VISIBLE_H_

#include <string>
#include <string_view>

namespace tql::shell {

/// The text without what would move the cursor or change the terminal: control characters show as
/// escapes.
std::string Visible(std::string_view text);
/// The same, but line ends and tabs stay.
std::string VisibleLines(std::string_view text);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_VISIBLE_H_

// Colours for statements and commands as they are typed.
#ifndef TQLKIT_TOOLS_TQL_EDIT_HIGHLIGHT_H_
#define TQLKIT_TOOLS_TQL_EDIT_HIGHLIGHT_H_

#include <string_view>
#include <vector>

#include "tools/tql/edit/layout.h"

namespace tql::shell {

/// The parts of the text that are not plain, in order: what the lexer of the dialect takes them
/// for, and commands of the shell. Of a string, name or comment that does not end the opening is an
/// error.
std::vector<Span> Highlight(std::string_view text);

/// Puts a span over the others.
void Mark(const Span& mark, std::vector<Span>* spans);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_HIGHLIGHT_H_

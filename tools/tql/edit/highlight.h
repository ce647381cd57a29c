// Syntax highlighting of statements and commands.
#ifndef TQLKIT_TOOLS_TQL_EDIT_HIGHLIGHT_H_
#define TQLKIT_TOOLS_TQL_EDIT_HIGHLIGHT_H_

#include <string_view>
#include <vector>

#include "tools/tql/edit/layout.h"

namespace tql::shell {

/// Returns the spans of `text` that are not plain, in order: the tokens of the dialect's lexer, and
/// commands of the shell. The opening of an unterminated string, name or comment is marked as an
/// error.
std::vector<Span> Highlight(std::string_view text);

/// Adds a span that takes precedence over the others.
void Mark(const Span& mark, std::vector<Span>* spans);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_HIGHLIGHT_H_

// What is said about a statement that failed.
#ifndef TQLKIT_TOOLS_TQL_ERROR_TEXT_H_
#define TQLKIT_TOOLS_TQL_ERROR_TEXT_H_

#include <cstddef>
#include <string>

#include "tools/tql/colors.h"
#include "tools/tql/output.h"

namespace tql::shell {

/// Where a statement stands in a file.
struct Source {
  std::string file;
  std::size_t line = 1;  // of its first token
};

/// `text`, which ends with a newline, behind the place in `source`, if there is one; then the line
/// of the statement that it names, with a caret under the column. `colored`: for a terminal, with
/// the word and the caret in red and nothing else that could steer it.
std::string ErrorText(const std::string& text, const std::string& statement, const Source* source,
                      bool colored = false);

/// Writes it to `err`, with colours where `color` says so.
void WriteError(Output& err, Color color, const std::string& text, const std::string& statement,
                const Source* source);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_ERROR_TEXT_H_

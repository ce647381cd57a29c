// What is said about a statement that failed.
#ifndef TQLKIT_TOOLS_TQL_ERROR_TEXT_H_
#define TQLKIT_TOOLS_TQL_ERROR_TEXT_H_

#include <cstddef>
#include <string>

namespace tql::shell {

/// Where a statement stands in a file.
struct Source {
  std::string file;
  std::size_t line = 1;  // of its first token
};

/// `text`, which ends with a newline, behind the place in `source`, if there is one; then the line
/// of the statement that it names, with a caret under the column.
std::string ErrorText(const std::string& text, const std::string& statement, const Source* source);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_ERROR_TEXT_H_

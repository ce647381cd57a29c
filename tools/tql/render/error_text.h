// The text of errors in statements and commands.
#ifndef TQLKIT_TOOLS_TQL_RENDER_ERROR_TEXT_H_
#define TQLKIT_TOOLS_TQL_RENDER_ERROR_TEXT_H_

#include <cstdint>
#include <string>

#include "tools/tql/render/output.h"
#include "tools/tql/settings.h"

namespace tql::shell {

/// The position of a statement or command in a script.
struct Source {
  std::string name;          // name of the script in errors; empty for the text of -c
  std::string file;          // path of the script; empty for standard input and the text of -c
  std::uint32_t line = 1;    // line of the first token
  std::uint32_t column = 1;  // column of the first token, in characters
};

/// kColored: for a terminal, with the word and the caret in red. kVendor: with "error=" instead of
/// "error: ".
enum class ErrorStyle : std::uint8_t { kPlain, kColored, kVendor };

/// Returns `text`, which must end with a newline, followed by the line of the statement that it
/// refers to, with a caret below the column. If `source` is not null, the line and column in
/// `text`, which are relative to the statement, are converted to those in the script and preceded
/// by its name.
std::string ErrorText(const std::string& text, const std::string& statement, const Source* source,
                      ErrorStyle style = ErrorStyle::kPlain);

/// Writes the text of an error to `err`, with the colours of the settings. In vendor mode it begins
/// with "error=", which programs search for.
void WriteError(Output& err, const Settings& settings, const std::string& text,
                const std::string& statement, const Source* source);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_ERROR_TEXT_H_

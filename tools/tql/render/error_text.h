// The text of an error about a statement or a command.
#ifndef TQLKIT_TOOLS_TQL_RENDER_ERROR_TEXT_H_
#define TQLKIT_TOOLS_TQL_RENDER_ERROR_TEXT_H_

#include <cstdint>
#include <string>

#include "tools/tql/render/output.h"
#include "tools/tql/settings.h"

namespace tql::shell {

/// Where a statement, or a command, stands in a script.
struct Source {
  std::string name;          // of the script, for errors; empty for the text of -c
  std::string file;          // its path; empty for standard input and the text of -c
  std::uint32_t line = 1;    // of the first token
  std::uint32_t column = 1;  // the same, in characters
};

/// kColored: for a terminal, with the word and the caret in red and no other control character.
/// kVendor: with "error=" for "error: ".
enum class ErrorStyle : std::uint8_t { kPlain, kColored, kVendor };

/// `text`, which ends with a newline, and the line of the statement that it names, with a caret
/// under the column. With a `source` the line and the column that `text` names, which count within
/// the statement, become those of the script, and the script and the line stand before it.
std::string ErrorText(const std::string& text, const std::string& statement, const Source* source,
                      ErrorStyle style = ErrorStyle::kPlain);

/// Writes it to `err`, with the colours of the settings. In vendor mode it begins with "error=",
/// which programs look for.
void WriteError(Output& err, const Settings& settings, const std::string& text,
                const std::string& statement, const Source* source);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_ERROR_TEXT_H_

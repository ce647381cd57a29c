// Generates the man page and shell completions of a program from its own table of flags, so that
// they agree with --help.
#ifndef TQLKIT_TOOLS_DOCUMENTS_DOCUMENTS_H_
#define TQLKIT_TOOLS_DOCUMENTS_DOCUMENTS_H_

#include <map>
#include <optional>
#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace tql::tools {

/// The words that a flag accepts if CLI11 does not know them: "--format" -> "csv, json".
using Choices = std::map<std::string, std::string>;

/// Returns the document requested by `--generate man`, `--generate bash` or `--generate zsh`, or
/// nullopt for any other command line. The build uses this option; the help does not mention it.
std::optional<std::string> Document(CLI::App& app, int argc, const char* const* argv,
                                    const Choices& choices = {});

/// Parses the command line. Returns the exit status if the program is to end at once: after a
/// document, the help or the version on standard output, or an error on standard error.
std::optional<int> Parse(CLI::App& app, int argc, const char* const* argv);

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_DOCUMENTS_DOCUMENTS_H_

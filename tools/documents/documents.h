// What comes with an installed program besides the program, made of its own table of flags, so that
// it says what --help says.
#ifndef TQLKIT_TOOLS_DOCUMENTS_DOCUMENTS_H_
#define TQLKIT_TOOLS_DOCUMENTS_DOCUMENTS_H_

#include <map>
#include <optional>
#include <string>

namespace CLI {
class App;
}  // namespace CLI

namespace tql::tools {

/// For flags whose values are words of a list that CLI11 does not know: "--format" -> "csv, json".
using Choices = std::map<std::string, std::string>;

/// The document that a command line asks for which is nothing but `--generate man`, `--generate
/// bash` or `--generate zsh`; nothing for any other. The build runs this; users need not know of
/// it, so the help is silent about it.
std::optional<std::string> Document(CLI::App& app, int argc, const char* const* argv,
                                    const Choices& choices = {});

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_DOCUMENTS_DOCUMENTS_H_

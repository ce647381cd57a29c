// tql load: loads a file or standard input into a table.
#ifndef TQLKIT_TOOLS_TQL_LOAD_LOAD_COMMAND_H_
#define TQLKIT_TOOLS_TQL_LOAD_LOAD_COMMAND_H_

#include <optional>
#include <string>
#include <vector>

namespace tql::shell {

/// Returns the words after "tql load", or after a program name that ends in tsload; nullopt for any
/// other command line.
std::optional<std::vector<std::string>> LoadWords(int argc, const char* const* argv);

/// Loads, and returns the exit status, which --help documents.
int RunLoad(const std::vector<std::string>& words);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_LOAD_LOAD_COMMAND_H_

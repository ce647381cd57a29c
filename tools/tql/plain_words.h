// Normalises the spelling of command-line options.
#ifndef TQLKIT_TOOLS_TQL_PLAIN_WORDS_H_
#define TQLKIT_TOOLS_TQL_PLAIN_WORDS_H_

#include <string>
#include <vector>

namespace tql::shell {

/// Returns the arguments without the program's name. Scripts write the options of the vendor's
/// program in several ways: -NAME VALUE, -NAME=VALUE, --NAME, --noNAME. Each is converted to
/// "--NAME", "VALUE"; other arguments are unchanged.
std::vector<std::string> PlainWords(int argc, const char* const* argv);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_PLAIN_WORDS_H_

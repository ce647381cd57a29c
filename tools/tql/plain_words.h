// The words of the command line in one spelling.
#ifndef TQLKIT_TOOLS_TQL_PLAIN_WORDS_H_
#define TQLKIT_TOOLS_TQL_PLAIN_WORDS_H_

#include <string>
#include <vector>

namespace tql::shell {

/// The words without the program's name. Scripts write the options of the vendor's program in many
/// ways: -NAME VALUE, -NAME=VALUE, --NAME, --noNAME. Each becomes "--NAME", "VALUE"; other words
/// stay what they are.
std::vector<std::string> PlainWords(int argc, const char* const* argv);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_PLAIN_WORDS_H_

// The description of a program's command line from which its documents are generated.
#ifndef TQLKIT_TOOLS_DOCUMENTS_COMMAND_LINE_H_
#define TQLKIT_TOOLS_DOCUMENTS_COMMAND_LINE_H_

#include <string>
#include <string_view>
#include <vector>

namespace tql::tools {

struct Flag {
  std::vector<std::string> names;  // With hyphens, short ones first; empty for an argument.
  std::string value;               // Placeholder of the value, e.g. FILE; empty for a switch.
  std::string help;
  std::vector<std::string> choices;  // Words that the value may be.
  bool takes_file = false;
  bool repeatable = false;
};

struct Subcommand {
  std::string name;
  std::string help;
  std::string argument = {};  // Placeholder of its arguments; empty: it has none.
};

struct CommandLine {
  std::string program;
  std::string summary;      // One phrase without a full stop.
  std::string description;  // Paragraphs separated by blank lines.
  std::vector<Flag> arguments;
  std::vector<Flag> flags;  // Also those of the subcommands.
  std::vector<Subcommand> subcommands;
};

std::string ManPage(const CommandLine& line);
std::string BashCompletion(const CommandLine& line);
std::string ZshCompletion(const CommandLine& line);

/// Splits `text` at the separators and trims spaces from the parts.
std::vector<std::string> Split(std::string_view text, std::string_view separator);

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_DOCUMENTS_COMMAND_LINE_H_

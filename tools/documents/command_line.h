// A program's command line as its documents need it.
#ifndef TQLKIT_TOOLS_DOCUMENTS_COMMAND_LINE_H_
#define TQLKIT_TOOLS_DOCUMENTS_COMMAND_LINE_H_

#include <string>
#include <string_view>
#include <vector>

namespace tql::tools {

struct Flag {
  std::vector<std::string> names;  // with their hyphens, short ones first; none: an argument
  std::string value;               // what stands for its value, e.g. FILE; empty: a switch
  std::string help;
  std::vector<std::string> choices;  // words that a value may be
  bool takes_file = false;
  bool repeatable = false;
};

struct Subcommand {
  std::string name;
  std::string help;
};

struct CommandLine {
  std::string program;
  std::string summary;      // one phrase, without its full stop
  std::string description;  // paragraphs, with a blank line between two
  std::vector<Flag> arguments;
  std::vector<Flag> flags;
  std::vector<Subcommand> subcommands;
};

std::string ManPage(const CommandLine& line);
std::string BashCompletion(const CommandLine& line);
std::string ZshCompletion(const CommandLine& line);

/// The parts of `text` between separators, without spaces around them.
std::vector<std::string> Split(std::string_view text, std::string_view separator);

}  // namespace tql::tools

#endif  // TQLKIT_TOOLS_DOCUMENTS_COMMAND_LINE_H_

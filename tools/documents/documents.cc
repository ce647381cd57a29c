#include "tools/documents/documents.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <iostream>
#include <string_view>
#include <utility>
#include <vector>

#include "proto/base/text.h"
#include "tools/documents/command_line.h"

namespace tql::tools {
namespace {

bool IsWord(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
  });
}

/// Returns an option's value without the descriptions of its validators ("TEXT:{a,b}",
/// "FILE:FILE"). Stores the words of validators that are lists ("{a,b}") in `choices`.
std::string WithoutValidators(CLI::Option& option, std::vector<std::string>& choices) {
  std::string value = option.get_type_name();
  for (int i = 0;; ++i) {
    std::string description;
    try {
      description = option.get_validator(i)->get_description();
    } catch (const CLI::OptionNotFound&) {
      return value;
    }
    if (const std::size_t at = value.find(":" + description);
        !description.empty() && at != std::string::npos) {
      value.erase(at, description.size() + 1);
    }
    if (description.size() > 2 && description.front() == '{') {
      choices = Split(std::string_view(description).substr(1, description.size() - 2), ",");
    }
  }
}

/// Extracts choices from a value such as "text|json" or "HOST:PORT|off".
void ReadValue(Flag& flag) {
  for (const std::string& part : Split(flag.value, "|")) {
    if (part.starts_with("FILE") || part == "PATH") flag.takes_file = true;
    if (flag.choices.empty() || flag.value.find('|') != std::string::npos) {
      if (IsWord(part)) flag.choices.push_back(part);
    }
  }
}

Flag Describe(CLI::Option& option, const Choices& choices) {
  Flag flag;
  for (const std::string& name : option.get_snames()) flag.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) flag.names.push_back("--" + name);
  flag.help = option.get_description();
  if (!option.get_default_str().empty()) flag.help += " [" + option.get_default_str() + "]";
  flag.repeatable = option.get_multi_option_policy() == CLI::MultiOptionPolicy::TakeAll ||
                    option.get_expected_max() > 1;
  if (option.get_type_size_max() == 0) return flag;
  flag.value = WithoutValidators(option, flag.choices);
  ReadValue(flag);
  for (const std::string& name : flag.names) {
    if (const auto found = choices.find(name); found != choices.end()) {
      flag.choices = Split(found->second, ",");
    }
  }
  return flag;
}

/// Splits "A mock of it.\nThe rest." into the summary "a mock of it" and the description "The
/// rest.".
void ReadDescription(const std::string& text, CommandLine& line) {
  const std::size_t end = text.find('\n');
  line.summary = text.substr(0, end);
  if (line.summary.ends_with('.')) line.summary.pop_back();
  line.summary[0] = tql::base::ToLower(line.summary[0]);
  if (end != std::string::npos) line.description = text.substr(end + 1) + "\n\n";
}

/// Adds the flags that no other command has; commands share what has the same name.
void AddFlagsOf(CLI::App& subcommand, const Choices& choices, CommandLine& line) {
  for (CLI::Option* option : subcommand.get_options()) {
    Flag flag = Describe(*option, choices);
    if (flag.names.empty()) {
      line.subcommands.back().argument = flag.value;
      continue;
    }
    const bool known = std::ranges::any_of(
        line.flags, [&](const Flag& other) { return other.names == flag.names; });
    if (!known) line.flags.push_back(std::move(flag));
  }
}

CommandLine Describe(CLI::App& app, const Choices& choices) {
  CommandLine line;
  line.program = app.get_name();
  ReadDescription(app.get_description(), line);
  line.description += app.get_footer();
  for (CLI::Option* option : app.get_options()) {
    if (option->get_group().empty()) continue;  // Hidden from users, as in the help.
    Flag flag = Describe(*option, choices);
    (flag.names.empty() ? line.arguments : line.flags).push_back(std::move(flag));
  }
  for (CLI::App* subcommand : app.get_subcommands([](const CLI::App*) { return true; })) {
    line.subcommands.push_back({subcommand->get_name(), subcommand->get_description()});
    AddFlagsOf(*subcommand, choices, line);
  }
  return line;
}

}  // namespace

std::vector<std::string> Split(std::string_view text, std::string_view separator) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.emplace_back(tql::base::Trim(text.substr(0, end), " "));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + separator.size());
  }
}

std::optional<std::string> Document(CLI::App& app, int argc, const char* const* argv,
                                    const Choices& choices) {
  if (argc != 3 || std::string_view(argv[1]) != "--generate") return std::nullopt;
  const std::string_view kind = argv[2];
  if (kind == "man") return ManPage(Describe(app, choices));
  if (kind == "bash") return BashCompletion(Describe(app, choices));
  if (kind == "zsh") return ZshCompletion(Describe(app, choices));
  return std::nullopt;
}

std::optional<int> Parse(CLI::App& app, int argc, const char* const* argv) {
  if (const auto document = Document(app, argc, argv)) {
    std::cout << *document;
    return 0;
  }
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 1;
  }
  return std::nullopt;
}

}  // namespace tql::tools

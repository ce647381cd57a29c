// Completion scripts for bash and zsh.
#include <string>
#include <string_view>

#include "tools/documents/command_line.h"

namespace tql::tools {
namespace {

std::string Joined(const std::vector<std::string>& words, std::string_view separator) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : std::string(separator)) + word;
  return text;
}

/// A branch of bash's case statement: the completions of a flag's value.
std::string BashValue(const Flag& flag) {
  std::string branch = "    " + Joined(flag.names, "|") + ")\n";
  if (!flag.choices.empty()) {
    branch += "      mapfile -t COMPREPLY < <(compgen -W '" + Joined(flag.choices, " ") +
              "' -- \"$current\")\n";
  }
  if (flag.takes_file) {
    branch +=
        "      mapfile -t -O \"${#COMPREPLY[@]}\" COMPREPLY < <(compgen -f -- \"$current\")\n"
        "      compopt -o filenames 2>/dev/null\n";
  }
  return branch + "      return\n      ;;\n";
}

/// Escapes text for a zsh specification in single quotes, where brackets and colons are special.
std::string ZshText(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
    } else {
      if (c == '[' || c == ']' || c == ':' || c == '\\') escaped += '\\';
      escaped += c;
    }
  }
  return escaped;
}

/// ":description:action" of a value; `unknown` is the action if no completions are known.
std::string ZshValue(const Flag& flag, std::string_view unknown) {
  if (flag.value.empty()) return {};
  std::string action(unknown);
  if (!flag.choices.empty()) action = "(" + Joined(flag.choices, " ") + ")";
  if (flag.takes_file) action = "_files";
  return ":" + ZshText(flag.value) + ":" + action;
}

std::string ZshFlag(const Flag& flag) {
  std::string text;
  for (const std::string& name : flag.names) {
    // A value may follow -c directly, and --command after an equals sign.
    const std::string_view joint = flag.value.empty() ? "" : name.starts_with("--") ? "=" : "+";
    text += " \\\n  '" + std::string(flag.repeatable ? "*" : "");
    if (!flag.repeatable && flag.names.size() > 1) text += "(" + Joined(flag.names, " ") + ")";
    text += name + std::string(joint) + "[" + ZshText(flag.help) + "]" + ZshValue(flag, " ") + "'";
  }
  return text;
}

}  // namespace

std::string BashCompletion(const CommandLine& line) {
  const std::string function = "_" + line.program;
  std::vector<std::string> words;
  std::string branches;
  for (const Flag& flag : line.flags) {
    words.insert(words.end(), flag.names.begin(), flag.names.end());
    if (!flag.value.empty()) branches += BashValue(flag);
  }
  for (const Subcommand& subcommand : line.subcommands) words.push_back(subcommand.name);
  return "# bash completion for " + line.program + "\n" + function + R"(() {
  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  # --flag=value comes as three words.
  if [[ $current == = ]]; then
    current=
  elif [[ $previous == = ]]; then
    previous=${COMP_WORDS[COMP_CWORD - 2]}
  fi
  COMPREPLY=()
  case $previous in
)" + branches +
         "  esac\n  mapfile -t COMPREPLY < <(compgen -W '" + Joined(words, " ") +
         "' -- \"$current\")\n}\n" + "complete -F " + function + " " + line.program + "\n";
}

std::string ZshCompletion(const CommandLine& line) {
  std::string script = "#compdef " + line.program + "\n_arguments -s -S";
  for (const Flag& flag : line.flags) script += ZshFlag(flag);
  // With a space as action, zsh would show a message even if a flag could be completed.
  for (const Flag& argument : line.arguments) {
    script += " \\\n  '" + ZshValue(argument, "()") + "'";
  }
  std::string names;
  for (const Subcommand& subcommand : line.subcommands) {
    names += (names.empty() ? "" : " ") + subcommand.name;
  }
  if (!names.empty()) script += " \\\n  ':command:(" + names + ")'";
  return script + "\n";
}

}  // namespace tql::tools

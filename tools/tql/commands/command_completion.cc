#include "tools/tql/commands/command_completion.h"

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "tools/tql/commands/meta_commands.h"
#include "tools/tql/home.h"
#include "tools/tql/render/colors.h"
#include "tools/tql/render/renderer.h"
#include "tools/tql/settings.h"

namespace tql::shell {
namespace {

using Words = std::vector<std::string>;

constexpr int kMostFiles = 10000;  // maximum number of files of a folder that are examined

/// Splits the text at the separators; parts may be empty.
Words Split(std::string_view text, std::string_view separator) {
  Words words;
  for (;;) {
    const std::size_t end = text.find(separator);
    words.emplace_back(text.substr(0, end));
    if (end == text.npos) return words;
    text.remove_prefix(end + separator.size());
  }
}

/// Returns the files that begin with `typed`. Hidden files only if `typed` begins with a dot.
Words Files(std::string_view typed) {
  const std::string folder(typed.substr(0, typed.rfind('/') + 1));
  const std::string_view begun = typed.substr(folder.size());
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  Words found;
  std::error_code error;
  std::filesystem::directory_iterator entry(folder.empty() ? "." : ExpandTilde(folder), error);
  const std::filesystem::directory_iterator end;
  for (int i = 0; i < kMostFiles && !error && entry != end; ++i, entry.increment(error)) {
    const std::string name = entry->path().filename();
    const bool hidden = name.starts_with('.') && begun.empty();
    if (hidden || !name.starts_with(begun) || std::ranges::any_of(name, is_control)) continue;
    std::error_code ignored;
    found.push_back(folder + name + (entry->is_directory(ignored) ? "/" : ""));
  }
  return found;
}

Words ValuesOf(const Setting& setting) {
  if (setting.takes_bool()) return {"false", "true"};
  if (setting.name == "format") return Split(FormatNames(), ", ");
  if (setting.name == "color") return Split(ColorNames(), ", ");
  return {};
}

/// Returns the possible values of an argument that the help calls `kind`, except names of the
/// catalog.
Words WordsFor(std::string_view kind, std::string_view typed, const std::string& setting) {
  if (kind == "FILE") return Files(typed);
  if (kind == "FORMAT") return Split(FormatNames(), ", ");
  if (kind == "NAME") {
    Words names;
    for (const Setting& each : AllSettings()) names.emplace_back(each.name);
    return names;
  }
  if (kind == "VALUE") {
    const Setting* const set = FindSetting(setting);
    return set != nullptr ? ValuesOf(*set) : Words();
  }
  const bool literal =
      !kind.empty() && std::ranges::all_of(kind, [](char c) { return c >= 'a' && c <= 'z'; });
  return literal ? Words{std::string(kind)} : Words();
}

Completer::Completion CompleteArgument(std::string help, std::string_view argument,
                                       const Completer& names) {
  std::erase_if(help, [](char c) { return c == '[' || c == ']'; });
  const Words expected = Split(help, " ");
  if (argument.starts_with('(')) {  // a query instead of a table
    const std::size_t end = argument.rfind(')');
    if (end == argument.npos) return names.Complete(argument.substr(1));
    argument.remove_prefix(end);
  }
  // A single argument may contain spaces.
  const Words typed = expected.size() == 1 ? Words{std::string(argument)} : Split(argument, " ");
  if (typed.size() > expected.size()) return {};
  const std::string& last = typed.back();
  Words candidates;
  for (const std::string& kind : Split(expected[typed.size() - 1], "|")) {
    if (kind == "TABLE" || kind == "DATABASE") {
      Completer::Completion found = names.Complete("use " + last);
      if (!found.candidates.empty()) return found;
    }
    std::ranges::copy_if(WordsFor(kind, last, typed.front()), std::back_inserter(candidates),
                         [&](const std::string& word) { return word.starts_with(last); });
  }
  return CompletionOf(last, std::move(candidates));
}

}  // namespace

Completer::Completion CompleteCommand(std::string_view line, const Completer& names) {
  const std::string_view typed = line.substr(line.find('\\') + 1);
  const std::string_view name = typed.substr(0, typed.find(' '));
  if (name.size() < typed.size()) {
    const std::string_view rest = typed.substr(name.size());
    const std::size_t begin = std::min(rest.find_first_not_of(' '), rest.size());
    return CompleteArgument(MetaCommands::ArgumentOf(name), rest.substr(begin), names);
  }
  Words commands = MetaCommands::Names();
  std::erase_if(commands, [&](const std::string& each) { return !each.starts_with(name); });
  return CompletionOf(name, std::move(commands));
}

}  // namespace tql::shell

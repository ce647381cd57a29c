// Generates troff with the macros of man(7).
#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "tools/documents/command_line.h"

#include "proto/base/text.h"

namespace tql::tools {
namespace {

constexpr std::string_view kPages[] = {"tql", "tqlbench", "tqlconform", "tqlmockd"};

/// Escapes text for troff: a hyphen could be broken or printed as another character, and a dot or
/// apostrophe at the beginning of a line would be a command.
std::string Escaped(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    const bool begins = escaped.empty() || escaped.back() == '\n';
    if (begins && (c == '.' || c == '\'')) escaped += "\\&";
    if (c == '-') {
      escaped += "\\-";
    } else if (c == '\\') {
      escaped += "\\e";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

std::string Bold(std::string_view text) { return "\\fB" + Escaped(text) + "\\fR"; }
std::string Italic(std::string_view text) { return "\\fI" + Escaped(text) + "\\fR"; }

void AppendFlag(const Flag& flag, std::string& page) {
  page += ".TP\n";
  for (std::size_t i = 0; i < flag.names.size(); ++i) {
    page += (i == 0 ? "" : ", ") + Bold(flag.names[i]);
  }
  if (!flag.value.empty()) page += (flag.names.empty() ? "" : " ") + Italic(flag.value);
  page += "\n" + Escaped(flag.help) + "\n";
  // Add words that neither the value nor the help mentions.
  std::string unnamed;
  for (const std::string& choice : flag.choices) {
    if ((flag.value + flag.help).find(choice) != std::string::npos) continue;
    unnamed += (unnamed.empty() ? "" : ", ") + Escaped(choice);
  }
  if (!unnamed.empty()) page += "(" + unnamed + ")\n";
}

/// Prints a list such as "Exit status:" with lines "  0   every statement succeeded" as a section.
void AppendList(const std::vector<std::string_view>& lines, std::string& page) {
  page += ".SH " + tql::base::Upper(Escaped(lines[0].substr(0, lines[0].size() - 1))) + "\n";
  for (std::size_t i = 1; i < lines.size(); ++i) {
    std::string_view line = lines[i].substr(lines[i].find_first_not_of(' '));
    const std::size_t end = std::min(line.find("  "), line.size());
    const std::string_view rest = line.substr(end);
    page += ".TP\n" + Bold(line.substr(0, end)) + "\n";
    page += Escaped(rest.substr(std::min(rest.find_first_not_of(' '), rest.size()))) + "\n";
  }
}

std::vector<std::string_view> Lines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

/// Appends paragraphs to `text` and lists, which become sections, to `sections`.
void AppendDescription(const std::string& description, std::string& text, std::string& sections) {
  for (const std::string& paragraph : Split(description, "\n\n")) {
    const std::vector<std::string_view> lines = Lines(paragraph);
    if (lines.empty()) continue;
    if (lines.size() > 1 && lines[0].ends_with(':') && lines[1].starts_with("  ")) {
      AppendList(lines, sections);
      continue;
    }
    text += ".PP\n";
    for (const std::string_view line : lines) text += Escaped(line) + "\n";
  }
}

std::string Synopsis(const CommandLine& line) {
  std::string text = ".SH SYNOPSIS\n" + Bold(line.program) + " [" + Italic("OPTION") + "]...";
  for (const Flag& argument : line.arguments) text += " [" + Italic(argument.value) + "]";
  text += "\n";
  for (const Subcommand& subcommand : line.subcommands) {
    text += ".br\n" + Bold(line.program) + " " + Bold(subcommand.name);
    if (!subcommand.argument.empty()) text += " " + Italic(subcommand.argument) + "...";
    text += "\n";
  }
  return text;
}

}  // namespace

std::string ManPage(const CommandLine& line) {
  std::string page =
      ".TH " + tql::base::Upper(line.program) + " 1 \"\" \"tqlkit " TQLKIT_VERSION "\"\n";
  page += ".SH NAME\n" + line.program + " \\- " + Escaped(line.summary) + "\n" + Synopsis(line);
  std::string text;
  std::string sections;
  AppendDescription(line.description, text, sections);
  if (!text.empty()) page += ".SH DESCRIPTION\n" + text;
  page += ".SH OPTIONS\n";
  for (const Flag& argument : line.arguments) AppendFlag(argument, page);
  for (const Flag& flag : line.flags) AppendFlag(flag, page);
  if (!line.subcommands.empty()) page += ".SH COMMANDS\n";
  for (const Subcommand& subcommand : line.subcommands) {
    page += ".TP\n" + Bold(subcommand.name) + "\n" + Escaped(subcommand.help) + "\n";
  }
  page += sections + ".SH SEE ALSO\n";
  std::string others;
  for (const std::string_view other : kPages) {
    if (other == line.program) continue;
    others += (others.empty() ? "" : ",\n") + (".BR " + std::string(other)) + " (1)";
  }
  return page + others + "\n";
}

}  // namespace tql::tools

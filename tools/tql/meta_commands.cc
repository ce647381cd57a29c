#include "tools/tql/meta_commands.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>
#include <vector>

#include "tools/tql/batch.h"
#include "tools/tql/connect.h"

namespace tql::shell {
namespace {

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  text.remove_prefix(std::min(text.find_first_not_of(kBlanks), text.size()));
  return text.substr(0, text.find_last_not_of(kBlanks) + 1);
}

/// How many characters must be added, dropped or changed to make one word of the other.
std::size_t Distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), 0U);
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t changed = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({changed, row[j] + 1, row[j + 1] + 1});
    }
  }
  return row.back();
}

/// The text without the quotes around it, which keep its blanks.
std::string Unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '\'' || text.front() == '"') &&
                      text.back() == text.front();
  return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

enum class Argument { kNone, kOptional, kRequired };

}  // namespace

/// Parsing, the help and the hints are made of these.
struct MetaCommands::Command {
  std::string_view name;
  Argument needs;
  std::string_view argument;  // as the help calls it
  std::string_view help;
  std::string_view statement;  // what the command is short for; empty: `run` is called
  void (MetaCommands::*run)(const std::string& argument);
};

const MetaCommands::Command MetaCommands::kCommands[] = {
    {"l", Argument::kNone, "", "Show the databases", "show databases", nullptr},
    {"dn", Argument::kNone, "", "Show the schemas", "show schemas", nullptr},
    {"dt", Argument::kNone, "", "Show the tables", "show tables", nullptr},
    {"d", Argument::kOptional, "[TABLE]", "Show the columns of a table, or all tables", "",
     &MetaCommands::Describe},
    {"c", Argument::kRequired, "URL|DATABASE", "Connect to a service, or use a database", "",
     &MetaCommands::Connect},
    {"i", Argument::kRequired, "FILE", "Run the statements of a file", "", &MetaCommands::Include},
    {"o", Argument::kOptional, "[FILE]", "Write results to a file, or to the terminal again", "",
     &MetaCommands::RedirectOutput},
    {"format", Argument::kOptional, "[FORMAT]", "Set or show the form of results", "",
     &MetaCommands::SetFormat},
    {"g", Argument::kOptional, "[FILE]", "Run what is typed, or ran last, perhaps into a file", "",
     &MetaCommands::Go},
    {"e", Argument::kOptional, "[FILE]", "Edit it with $VISUAL or $EDITOR, then run it", "",
     &MetaCommands::Edit},
    {"watch", Argument::kOptional, "[SECONDS]", "Run it every 2 seconds, up to Ctrl-C", "",
     &MetaCommands::Watch},
    {"s", Argument::kNone, "", "Show the history", "", &MetaCommands::ShowHistory},
    {"pager", Argument::kOptional, "[on|auto|off]", "Show what does not fit with $PAGER", "",
     &MetaCommands::SetPager},
    {"set", Argument::kOptional, "[NAME [VALUE]]", "Set something, or show what is set", "",
     &MetaCommands::Set},
    {"x", Argument::kNone, "", "Turn the form with one field a line on or off", "",
     &MetaCommands::ToggleExpanded},
    {"timing", Argument::kNone, "", "Turn the time of statements on or off", "",
     &MetaCommands::ToggleTiming},
    {"conninfo", Argument::kNone, "", "Show the connection", "", &MetaCommands::ShowConnection},
    {"q", Argument::kNone, "", "Quit", "", &MetaCommands::Quit},
    {"?", Argument::kNone, "", "Show this help", "", &MetaCommands::ShowHelp},
};

MetaCommands::MetaCommands(Session& session, Flags flags)
    : session_(session), flags_(std::move(flags)) {}

bool MetaCommands::Is(std::string_view line) { return Trimmed(line).starts_with('\\'); }

bool MetaCommands::Run(std::string_view line) {
  line = Trimmed(line);
  line.remove_prefix(1);
  const std::string_view name = line.substr(0, line.find_first_of(" \t;"));
  std::string argument(Trimmed(line.substr(name.size())));
  while (!argument.empty() && (argument.back() == ';' || argument.back() == ' ')) {
    argument.pop_back();
  }
  const auto* command = std::ranges::find(kCommands, name, &Command::name);
  const std::string shown = "\\" + std::string(name);
  if (command == std::end(kCommands)) {
    Say("error: there is no command " + shown + DidYouMean(name) + "; \\? shows all commands\n");
  } else if (command->needs == Argument::kNone && !argument.empty()) {
    Say("error: " + shown + " takes no argument: found '" + argument + "'\n");
  } else if (command->needs == Argument::kRequired && argument.empty()) {
    Say("error: " + shown + " needs an argument: " + std::string(command->argument) + "\n");
  } else if (command->statement.empty()) {
    (this->*command->run)(argument);
  } else {
    Statement(std::string(command->statement));
  }
  return !ending_;
}

std::vector<std::string> MetaCommands::Names() {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  return names;
}

std::string MetaCommands::Help() {
  std::string help;
  for (const Command& command : kCommands) {
    std::string line = "  \\" + std::string(command.name) + " " + std::string(command.argument);
    line.resize(std::max<std::size_t>(line.size() + 1, 20), ' ');
    help += line + std::string(command.help) + "\n";
  }
  return help;
}

std::string MetaCommands::DidYouMean(std::string_view name) {
  const Command* best = nullptr;
  for (const Command& command : kCommands) {
    const bool begun = name.size() > 1 && command.name.starts_with(name);
    // Of one letter or two, everything is near.
    const std::size_t most = command.name.size() > 2 ? 2 : name.size() > 1 ? 1 : 0;
    const std::size_t distance = Distance(name, command.name);
    if (!begun && distance > most) continue;
    if (!best || distance < Distance(name, best->name)) best = &command;
  }
  return best ? "; did you mean \\" + std::string(best->name) + "?" : "";
}

void MetaCommands::Statement(const std::string& text) { session_.Run(text); }

void MetaCommands::Describe(const std::string& table) {
  Statement(table.empty() ? "show tables" : "show table " + table);
}

void MetaCommands::Connect(const std::string& target) {
  if (target.find("://") == std::string::npos) return Statement("use " + target);
  Flags flags = flags_;
  flags.url = target;
  flags.database.clear();
  if (const StatusOr<Url> url = Url::Parse(target); url.ok() && !url->user.empty()) {
    flags.user.clear();
  }
  StatusOr<Client> client = shell::Connect(flags);
  if (!client.ok()) return Say("error: " + client.status().message() + "\n");
  session_.client() = *std::move(client);
  flags_ = std::move(flags);
  ShowConnection("");
}

void MetaCommands::Include(const std::string& file) {
  const std::vector<Input> inputs = {{Input::Kind::kFile, file}};
  if (CheckInputs(inputs)) RunBatch(session_, inputs);
}

void MetaCommands::RedirectOutput(const std::string& file) {
  const int error = session_.RedirectTo(file);
  if (error != 0) Say("error: cannot write " + file + ": " + std::strerror(error) + "\n");
}

Format MetaCommands::FormatNow() const { return session_.settings().format.value_or(Format::kTql); }

void MetaCommands::SetTo(const std::string& name, const std::string& value) {
  const Setting* setting = FindSetting(name);
  if (setting == nullptr) {
    return Say("error: there is no setting " + name + "; \\set shows all settings\n");
  }
  const std::string mistake = SetSetting(*setting, value, &session_.settings());
  if (!mistake.empty()) Say("error: " + mistake + "\n");
}

void MetaCommands::Set(const std::string& argument) {
  const std::size_t end = std::min(argument.find_first_of(" \t="), argument.size());
  const std::string name = argument.substr(0, end);
  if (end < argument.size()) {
    return SetTo(name, Unquoted(Trimmed(std::string_view(argument).substr(end + 1))));
  }
  const Setting* const only = name.empty() ? nullptr : FindSetting(name);
  if (only != nullptr && only->takes_bool()) return SetTo(name, "true");
  std::string text;
  for (const Setting& setting : AllSettings()) {
    if (!name.empty() && &setting != only) continue;
    const std::string value = ValueOf(setting, session_.settings());
    text += std::string(setting.name()) + (value.empty() ? " is not set" : " = " + value) + "\n";
  }
  Say(text.empty() ? "error: there is no setting " + name + "; \\set shows all settings\n" : text);
}

void MetaCommands::SetFormat(const std::string& name) {
  if (name.empty())
    return Say("The form of results is " + std::string(NameOf(FormatNow())) + ".\n");
  SetTo("format", name);
}

void MetaCommands::ToggleExpanded(const std::string&) {
  const Format format = FormatNow();
  if (format != Format::kExpanded) before_expanded_ = format;
  session_.settings().format = format == Format::kExpanded ? before_expanded_ : Format::kExpanded;
  SetFormat("");
}

void MetaCommands::ToggleTiming(const std::string&) {
  bool& timing = session_.settings().timing;
  timing = !timing;
  Say(timing ? "Timing is on.\n" : "Timing is off.\n");
}

void MetaCommands::ShowConnection(const std::string&) {
  const std::string database = session_.client().context().database;
  Say(ConnectionOf(flags_) + (database.empty() ? "" : ", database " + database) + ".\n");
}

void MetaCommands::ShowHelp(const std::string&) { Say(Help()); }

void MetaCommands::Say(const std::string& text) {
  session_.err().WriteText(text);
  session_.err().Flush();
}

}  // namespace tql::shell

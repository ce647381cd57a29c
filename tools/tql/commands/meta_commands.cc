#include "tools/tql/commands/meta_commands.h"

#include <algorithm>
#include <cstring>
#include <numeric>
#include <utility>
#include <vector>

#include "mockserver/dialect/chars.h"
#include "proto/base/text.h"
#include "tools/tql/batch.h"
#include "tools/tql/connect/connect.h"
#include "tools/tql/home.h"
#include "tools/tql/quoted_text.h"

namespace tql::shell {
namespace {

/// Returns the edit distance of two words.
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

/// Removes the quotes around a text, which preserve its spaces.
std::string Unquoted(std::string_view text) {
  const bool quoted = text.size() >= 2 && (text.front() == '\'' || text.front() == '"') &&
                      text.back() == text.front();
  return std::string(quoted ? text.substr(1, text.size() - 2) : text);
}

enum class Argument { kNone, kOptional, kRequired, kOptionalFile, kRequiredFile };

bool IsRequired(Argument needs) {
  return needs == Argument::kRequired || needs == Argument::kRequiredFile;
}

bool IsFile(Argument needs) {
  return needs == Argument::kOptionalFile || needs == Argument::kRequiredFile;
}

/// Where a command is permitted.
enum class Where { kAnywhere, kTakesStatement, kPrompt };

}  // namespace

/// The table of commands, used for parsing, the help and suggestions.
struct MetaCommands::Command {
  std::string_view name;
  Argument needs;
  std::string_view argument;  // its name in the help
  std::string_view help;
  std::string_view statement;  // the statement that the command abbreviates; empty: `run` is called
  void (MetaCommands::*run)(const std::string& argument);
  Where where = Where::kAnywhere;
};

struct MetaCommands::Parsed {
  const Command* command = nullptr;
  std::string argument = {};
  std::string mistake = {};  // empty if there is none
};

const MetaCommands::Command MetaCommands::kCommands[] = {
    {"l", Argument::kNone, "", "Show the databases", "show databases", nullptr},
    {"dn", Argument::kNone, "", "Show the schemas", "show schemas", nullptr},
    {"dt", Argument::kNone, "", "Show the tables", "show tables", nullptr},
    {"d", Argument::kOptional, "[TABLE]", "Show the columns of a table, or all tables", "",
     &MetaCommands::Describe},
    {"c", Argument::kRequired, "URL|DATABASE", "Connect to a service, or use a database", "",
     &MetaCommands::Connect},
    {"i", Argument::kRequiredFile, "FILE", "Run the statements of a file", "",
     &MetaCommands::Include},
    {"ir", Argument::kRequiredFile, "FILE", "The same, from the folder of the file that says so",
     "", &MetaCommands::IncludeNearby},
    {"o", Argument::kOptionalFile, "[FILE]", "Write results to a file or |COMMAND, or here again",
     "", &MetaCommands::RedirectOutput},
    {"copy", Argument::kRequired, "TABLE|(SELECT) to|from FILE|program csv",
     "Copy rows; program is 'COMMAND'. Options are psql's: header, null 'x', quote 'x', …", "",
     &MetaCommands::Copy},
    {"format", Argument::kOptional, "[FORMAT]", "Set or show the form of results", "",
     &MetaCommands::SetFormat},
    {"g", Argument::kOptionalFile, "[FILE]",
     "Run what is typed, or ran last; into a file or |COMMAND", "", &MetaCommands::Go,
     Where::kTakesStatement},
    {"e", Argument::kOptionalFile, "[FILE]", "Edit it with $VISUAL or $EDITOR, then run it", "",
     &MetaCommands::Edit, Where::kPrompt},
    {"watch", Argument::kOptional, "[SECONDS]", "Run it every 2 seconds, up to Ctrl-C", "",
     &MetaCommands::Watch, Where::kTakesStatement},
    {"p", Argument::kNone, "", "Show what is typed, or ran last", "", &MetaCommands::ShowBuffer},
    {"r", Argument::kNone, "", "Forget what is typed", "", &MetaCommands::ResetBuffer,
     Where::kTakesStatement},
    {"s", Argument::kNone, "", "Show the history", "", &MetaCommands::ShowHistory, Where::kPrompt},
    {"pager", Argument::kOptional, "[on|auto|off]", "Show what does not fit with $PAGER", "",
     &MetaCommands::SetPager},
    {"set", Argument::kOptional, "[NAME [VALUE]]", "Set something, or show what is set", "",
     &MetaCommands::Set},
    {"x", Argument::kOptional, "[on|off|auto]", "One field a line; auto: when a row is too wide",
     "", &MetaCommands::SetExpanded},
    {"timing", Argument::kOptional, "[on|off]", "Say how long statements take", "",
     &MetaCommands::SetTiming},
    {"progress", Argument::kOptional, "[on|off]", "Show the progress of statements", "",
     &MetaCommands::SetProgress},
    {"echo", Argument::kOptional, "[TEXT]", "Write a text to where results go", "",
     &MetaCommands::Echo},
    {"mock", Argument::kOptional,
     "[plan|add|journal|verify|clear|clock|fork|reset|use|drop [FILE]]",
     "Show the namespaces of a mock server; control its plan, journal and namespaces", "",
     &MetaCommands::Mock},
    {"conninfo", Argument::kNone, "", "Show the connection", "", &MetaCommands::ShowConnection},
    {"q", Argument::kNone, "", "Quit", "", &MetaCommands::Quit},
    {"h", Argument::kNone, "", "Show the statements of TQL", "help", nullptr},
    {"?", Argument::kNone, "", "Show this help", "", &MetaCommands::ShowHelp},
};

MetaCommands::MetaCommands(Session& session, Flags flags)
    : session_(session), flags_(std::move(flags)) {}

bool MetaCommands::Is(std::string_view line) { return base::Trim(line).starts_with('\\'); }

MetaCommands::Parsed MetaCommands::Parse(std::string_view line) {
  line = base::Trim(line);
  line.remove_prefix(1);
  const std::string_view name = line.substr(0, line.find_first_of(" \t;"));
  Parsed parsed{.command = std::ranges::find(kCommands, name, &Command::name),
                .argument = std::string(base::Trim(line.substr(name.size())))};
  std::string& argument = parsed.argument;
  while (!argument.empty() && (argument.back() == ';' || argument.back() == ' ')) {
    argument.pop_back();
  }
  const std::string shown = "\\" + std::string(name);
  const Command& command = *parsed.command;
  if (parsed.command == std::end(kCommands)) {
    parsed.mistake = "unknown command " + shown + DidYouMean(name) + "; \\? shows all commands";
  } else if (command.needs == Argument::kNone && !argument.empty()) {
    parsed.mistake = shown + " takes no argument: found '" + argument + "'";
  } else if (IsRequired(command.needs) && argument.empty()) {
    parsed.mistake = shown + " needs an argument: " + std::string(command.argument);
  } else if (IsFile(command.needs) && argument.starts_with('\'')) {
    std::string_view rest = argument;
    std::string file = TakeQuoted(&rest);
    if (file.empty() || !rest.empty()) {
      parsed.mistake = shown + ": " + Mistake(argument, "one file name in single quotes");
    }
    argument = std::move(file);
  }
  if (parsed.mistake.empty() && IsFile(command.needs)) argument = ExpandTilde(argument);
  return parsed;
}

std::string MetaCommands::MistakeIn(std::string_view line) {
  const Parsed parsed = Parse(line);
  if (!parsed.mistake.empty() || parsed.command->where != Where::kPrompt) return parsed.mistake;
  return "\\" + std::string(parsed.command->name) + " is for the prompt alone";
}

MetaCommands::Words MetaCommands::WordsOf(std::string_view line) {
  Parsed parsed = Parse(line);
  return {parsed.command->name, std::move(parsed.argument)};
}

bool MetaCommands::TakesStatement(std::string_view line) {
  const Parsed parsed = Parse(line);
  return parsed.mistake.empty() && parsed.command->where == Where::kTakesStatement;
}

CommandEnd MetaCommands::Run(std::string_view line, const Source* source) {
  const Source* const outer = std::exchange(source_, source);
  code_ = ExitCode::kOk;
  ending_ = false;
  took_statement_ = false;
  const Parsed parsed = Parse(line);
  const bool at_prompt = static_cast<bool>(prompt_.history);
  const std::string mistake = at_prompt ? parsed.mistake : MistakeIn(line);
  if (!mistake.empty()) {
    Fail(mistake);
  } else if (parsed.command->statement.empty()) {
    (this->*parsed.command->run)(parsed.argument);
  } else {
    Statement(std::string(parsed.command->statement));
  }
  source_ = outer;
  return {.code = code_, .took_statement = took_statement_, .exit = ending_};
}

std::vector<std::string> MetaCommands::Names() {
  std::vector<std::string> names;
  for (const Command& command : kCommands) names.emplace_back(command.name);
  return names;
}

std::string MetaCommands::ArgumentOf(std::string_view name) {
  const auto* command = std::ranges::find(kCommands, name, &Command::name);
  return command == std::end(kCommands) ? "" : std::string(command->argument);
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

std::string MetaCommands::DidYouMean(std::string_view written) {
  const std::string name = base::Lower(written);
  const Command* best = nullptr;
  std::size_t least = 0;
  for (const Command& command : kCommands) {
    const bool begun = name.size() > 1 && command.name.starts_with(name);
    // Words of one or two letters are similar to everything.
    const std::size_t most = command.name.size() > 2 ? 2 : name.size() > 1 ? 1 : 0;
    const std::size_t distance = begun ? 0 : Distance(name, command.name);
    if (distance > most || (best != nullptr && distance >= least)) continue;
    best = &command;
    least = distance;
  }
  return best ? "; did you mean \\" + std::string(best->name) + "?" : "";
}

void MetaCommands::Statement(const std::string& text) { code_ = session_.Run(text, source_); }

void MetaCommands::Describe(const std::string& table) {
  Statement(table.empty() ? "show tables" : "show table " + table);
}

void MetaCommands::Connect(const std::string& target) {
  if (target.find("://") == std::string::npos) return Statement("use " + target);
  Flags flags = flags_;
  flags.url = target;
  flags.host.clear();
  flags.database.clear();
  flags.schema.clear();
  // Settings of the flags apply to the new service unless the URL overrides them.
  if (const StatusOr<Url> url = Url::Parse(target); url.ok()) {
    if (!url->user.empty()) {
      flags.user.clear();
    } else if (const StatusOr<Url> before = Url::Parse(flags_.url);
               flags.user.empty() && before.ok()) {
      flags.user = before->user;
    }
    if (url->ca_file) flags.ca_file.clear();
    if (url->insecure) flags.insecure = false;
    if (url->timeout) flags.timeout.reset();
  }
  ConnectBy(std::move(flags));
}

void MetaCommands::ConnectBy(Flags flags) {
  StatusOr<Connection> connection = shell::Connect(flags, session_.interrupts().BeginStatement());
  session_.interrupts().EndStatement();
  if (!connection.ok()) {
    Fail(connection.status().message());
    code_ = ExitCode::kNoConnection;  // later statements were meant for the other service
    return;
  }
  session_.connection() = *std::move(connection);
  flags_ = std::move(flags);
  ShowConnection("");
}

void MetaCommands::RedirectOutput(const std::string& target) {
  auto opened = OpenTarget(target);
  if (!opened.ok()) return Fail(opened.status().message());
  session_.WriteTo(*std::move(opened));
}

Format MetaCommands::FormatNow() const { return session_.settings().format.value_or(Format::kTql); }

void MetaCommands::SetTo(const std::string& name, const std::string& value) {
  const Setting* setting = FindSetting(name);
  if (setting == nullptr) {
    return Fail("unknown setting " + name + "; \\set shows all settings");
  }
  const std::string mistake = SetSetting(*setting, value, &session_.settings());
  if (!mistake.empty()) Fail(mistake);
}

void MetaCommands::Set(const std::string& argument) {
  const std::size_t end = std::min(argument.find_first_of(" \t="), argument.size());
  const std::string name = argument.substr(0, end);
  if (end < argument.size()) {
    return SetTo(name, Unquoted(base::Trim(std::string_view(argument).substr(end + 1))));
  }
  const Setting* const only = name.empty() ? nullptr : FindSetting(name);
  if (only != nullptr && only->takes_bool()) return SetTo(name, "true");
  std::string text;
  for (const Setting& setting : AllSettings()) {
    if (!name.empty() && &setting != only) continue;
    const std::string value = ValueOf(setting, session_.settings());
    text += std::string(setting.name) + (value.empty() ? " is not set" : " = " + value) + "\n";
  }
  if (text.empty()) return Fail("unknown setting " + name + "; \\set shows all settings");
  Say(text);
}

void MetaCommands::SetFormat(const std::string& name) {
  if (name.empty())
    return Say("The form of results is " + std::string(NameOf(FormatNow())) + ".\n");
  SetTo("format", name);
}

void MetaCommands::SetExpanded(const std::string& mode) {
  const Format format = FormatNow();
  const bool is_on = format == Format::kExpanded || format == Format::kAuto;
  if (!is_on) before_expanded_ = format;
  std::optional<Format>& now = session_.settings().format;
  if (mode == "auto") {
    now = Format::kAuto;
  } else if (mode == "on" || (mode.empty() && !is_on)) {
    now = Format::kExpanded;
  } else if (mode == "off" || mode.empty()) {
    now = before_expanded_;
  } else {
    return Fail(Mistake(mode, "on, off or auto"));
  }
  SetFormat("");
}

/// Switches a setting on or off according to the argument; without one, toggles it.
void MetaCommands::Switch(const std::string& what, const std::string& mode, bool* on) {
  if (!mode.empty() && mode != "on" && mode != "off") return Fail(Mistake(mode, "on or off"));
  *on = mode.empty() ? !*on : mode == "on";
  Say(what + (*on ? " is on.\n" : " is off.\n"));
}

void MetaCommands::SetTiming(const std::string& mode) {
  Switch("Timing", mode, &session_.settings().timing);
}

void MetaCommands::SetProgress(const std::string& mode) {
  Switch("Progress", mode, &session_.settings().progress);
}

void MetaCommands::Echo(const std::string& text) {
  session_.out().WriteText(Unquoted(text) + "\n");
  session_.out().Flush();
}

void MetaCommands::ShowConnection(const std::string&) {
  const std::string database = session_.client().context().database;
  Say(session_.connection().name + (database.empty() ? "" : ", database " + database) + ".\n");
}

void MetaCommands::ShowHelp(const std::string&) { Say(Help()); }

void MetaCommands::Fail(const std::string& mistake, const std::string& statement) {
  code_ = ExitCode::kStatementFailed;
  WriteError(session_.err(), session_.settings(), mistake + (mistake.ends_with('\n') ? "" : "\n"),
             statement, source_);
  session_.err().Flush();
}

void MetaCommands::Say(const std::string& text) {
  session_.err().WriteText(text);
  session_.err().Flush();
}

}  // namespace tql::shell

#include "tools/tql/interactive.h"

#include <cstdlib>
#include <iostream>
#include <utility>

#include "mockserver/dialect/splitter.h"
#include "tools/tql/batch.h"
#include "tools/tql/line_editor.h"
#include "tools/tql/meta_commands.h"
#include "tools/tql/token_loader.h"
#include "tools/tql/visible.h"

namespace tql::shell {
namespace {

/// $XDG_STATE_HOME/tql/history, else ~/.local/state/tql/history.
std::string HistoryFile() {
  if (const char* state = std::getenv("XDG_STATE_HOME"); state != nullptr && *state != '\0') {
    return std::string(state) + "/tql/history";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return {};
  return std::string(home) + "/.local/state/tql/history";
}

std::string PromptOf(Client& client, bool continued) {
  const std::string prompt = "TQL [database=" + Visible(client.context().database) + "]> ";
  return continued ? std::string(prompt.size() - 3, ' ') + "-> " : prompt;
}

std::string Trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

/// A bare exit or quit, or one with a semicolon.
bool EndsShell(std::string_view line) {
  if (line.ends_with(';')) line.remove_suffix(1);
  return IsExit(line);
}

}  // namespace

ExitCode RunInteractive(Session& session, Interrupts& interrupts, const Flags& flags) {
  MetaCommands commands(session, flags);
  TokenLoader tokens;
  std::string& buffer = commands.prompt().buffer;
  const std::unique_ptr<LineEditor> editor =
      MakeLineEditor(interrupts.fd(), HistoryFile(), [&](std::string_view line) {
        if (buffer.empty() && MetaCommands::Is(line)) {
          return CompleteCommand(line, MetaCommands::Names());
        }
        return tokens.completer().Complete(buffer + std::string(line));
      });
  commands.prompt().history = [&] { return editor->Entries(); };
  session.settings().pager = true;
  for (;;) {
    tokens.Refresh(session.client(), commands.service());
    interrupts.SetPrompting(true);
    std::string line;
    const LineEditor::Event event =
        editor->ReadLine(PromptOf(session.client(), !buffer.empty()), &line);
    if (event == LineEditor::Event::kInterrupt) {
      interrupts.Drain();
      buffer.clear();
      std::cout << "^C\n" << std::flush;
      continue;
    }
    if (event == LineEditor::Event::kEnd) {
      std::cout << "\n" << std::flush;
      return ExitCode::kOk;
    }
    if (buffer.empty() && EndsShell(Trimmed(line))) return ExitCode::kOk;
    const std::size_t command = CommandIn(buffer, line);
    buffer += line.substr(0, command) + (command == line.npos ? "\n" : "");
    if (command != line.npos) {
      editor->AddHistory(Trimmed(line));
      if (!commands.Run(line.substr(command))) return ExitCode::kOk;
    }
    if (dialect::StateOf(buffer) == dialect::InputState::kBlank) buffer.clear();
    if (!dialect::IsComplete(buffer)) continue;

    const std::string text = Trimmed(std::exchange(buffer, {}));
    editor->AddHistory(text);
    commands.prompt().last = text;
    if (!commands.RunStatements(text)) return ExitCode::kOk;
  }
}

}  // namespace tql::shell

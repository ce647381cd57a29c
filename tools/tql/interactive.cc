#include "tools/tql/interactive.h"

#include <cctype>
#include <cstdlib>
#include <iostream>
#include <utility>

#include "mockserver/dialect/splitter.h"
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

/// Ends the shell: a bare exit, quit, or the same with a semicolon.
bool IsExit(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text == "exit" || text == "quit" || text == "exit;" || text == "quit;";
}

}  // namespace

ExitCode RunInteractive(Session& session, Interrupts& interrupts, const Flags& flags) {
  MetaCommands commands(session, flags);
  TokenLoader tokens;
  std::string buffer;
  const std::unique_ptr<LineEditor> editor =
      MakeLineEditor(interrupts.fd(), HistoryFile(), [&](std::string_view line) {
        if (buffer.empty() && MetaCommands::Is(line)) {
          return CompleteCommand(line, MetaCommands::Names());
        }
        return tokens.completer().Complete(buffer + std::string(line));
      });
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
    if (buffer.empty() && IsExit(Trimmed(line))) return ExitCode::kOk;
    if (buffer.empty() && MetaCommands::Is(line)) {
      editor->AddHistory(Trimmed(line));
      if (!commands.Run(line)) return ExitCode::kOk;
      continue;
    }
    buffer += line + "\n";
    if (dialect::StateOf(buffer) == dialect::InputState::kBlank) buffer.clear();
    if (!dialect::IsComplete(buffer)) continue;

    const std::string text = Trimmed(std::exchange(buffer, {}));
    editor->AddHistory(text);
    dialect::ScriptSplitter splitter(text);
    while (const auto statement = splitter.Next()) {
      if (IsExit(std::string(statement->text))) return ExitCode::kOk;
      if (session.Run(std::string(statement->text)) == ExitCode::kInterrupted) break;
    }
  }
}

}  // namespace tql::shell

#include "tools/tql/interactive.h"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "mockserver/dialect/splitter.h"
#include "tools/tql/commands/command_completion.h"
#include "tools/tql/commands/meta_commands.h"
#include "tools/tql/connect/token_loader.h"
#include "tools/tql/edit/line_editor.h"
#include "tools/tql/entered_text.h"
#include "tools/tql/home.h"
#include "tools/tql/render/characters.h"
#include "tools/tql/render/colors.h"

namespace tql::shell {
namespace {

/// The prompts of the vendor's clients, which scripts wait for. The remote client continues with ">
/// ".
LineEditor::Prompt PromptOf(Client& client, bool vendor) {
  const std::string database = client.context().database;
  return {"TQL [database=" + (database.empty() ? "(none)" : Visible(database)) + "]> ",
          vendor ? "$> " : "> "};
}

Completer::Completion CompleteInput(const TokenLoader& tokens, std::string_view text,
                                    dialect::ScriptRules rules) {
  const std::size_t line = text.rfind('\n') + 1;
  const dialect::InputState before = dialect::StateOf(text.substr(0, line), rules);
  const bool begins =
      before == dialect::InputState::kBlank || before == dialect::InputState::kComplete;
  if (begins && MetaCommands::Is(text.substr(line))) {
    return CompleteCommand(text.substr(line), tokens.completer());
  }
  return tokens.completer().Complete(text);
}

/// Executes the input of the prompt.
class Conversation {
 public:
  Conversation(Session& session, Interrupts& interrupts, const Flags& flags)
      : session_(session), interrupts_(interrupts), commands_(session, flags) {
    LineEditorOptions options;
    options.interrupt_fd = interrupts.fd();
    options.vendor = session.settings().vendor;
    if (!options.vendor) options.history_file = HistoryPath();
    options.is_complete = [this](std::string_view text) { return IsCompleteInput(text, Rules()); };
    options.complete = [this](std::string_view text) {
      const bool completes = session_.settings().autocomplete;
      return completes ? CompleteInput(tokens_, text, Rules()) : Completer::Completion();
    };
    options.use_colors = [this] {
      const Settings& settings = session_.settings();
      return settings.highlight && UsesColors(settings.color, true);
    };
    editor_ = MakeLineEditor(std::move(options));
    commands_.prompt().history = [this] { return editor_->Entries(); };
  }

  /// Returns false if the shell must end.
  bool ReadAndRun() {
    if (session_.settings().autocomplete) {
      tokens_.Refresh(session_.client(), commands_.service());
    }
    interrupts_.SetPrompting(true);
    std::string text;
    const std::string open = open_.text();
    open_.Reset();
    const bool vendor = session_.settings().vendor;
    switch (editor_->Read(PromptOf(session_.client(), vendor), open, &text)) {
      case LineEditor::Event::kInterrupt:
        interrupts_.Drain();
        return true;
      case LineEditor::Event::kEnd:
        return false;
      case LineEditor::Event::kText:
        break;
    }
    return Run(text);
  }

 private:
  /// Reads line by line; each statement is a separate entry of the history.
  bool Run(std::string_view text) {
    commands_.prompt().interrupted = false;
    for (bool more = true; more && !commands_.prompt().interrupted;) {
      const std::size_t end = std::min(text.find('\n'), text.size());
      more = end < text.size();
      if (!RunLine(text.substr(0, end))) return false;
      text.remove_prefix(more ? end + 1 : end);
    }
    return true;
  }

  bool RunLine(std::string_view line) {
    open_.set_rules(Rules());
    const EnteredLine taken = open_.Take(line);
    switch (taken.kind) {
      case EnteredLine::Kind::kExit:
        return false;
      case EnteredLine::Kind::kOpen:
        return true;
      case EnteredLine::Kind::kBlank:
        open_.Reset();
        return true;
      case EnteredLine::Kind::kStatements:
        return RunOpen();
      case EnteredLine::Kind::kCommand:
        break;
    }
    const std::string command(line.substr(taken.command));
    editor_->AddHistory(TrimmedRight(open_.text() + command));
    commands_.prompt().buffer = {open_.text(), {}};
    if (commands_.Run(command).exit) return false;
    std::string& buffer = commands_.prompt().buffer.text;
    const dialect::InputState state = dialect::StateOf(buffer, Rules());
    open_.Reset(state == dialect::InputState::kBlank ? "" : std::exchange(buffer, {}));
    return state != dialect::InputState::kComplete || RunOpen();  // the result of \e
  }

  dialect::ScriptRules Rules() const { return RulesOf(session_.settings()); }

  bool RunOpen() {
    const std::string text = TrimmedRight(open_.text());
    open_.Reset();
    editor_->AddHistory(text);
    commands_.prompt().last = {text, {}};
    return commands_.RunStatements(commands_.prompt().last);
  }

  Session& session_;
  Interrupts& interrupts_;
  MetaCommands commands_;
  EnteredText open_;  // the incomplete input
  TokenLoader tokens_;
  std::unique_ptr<LineEditor> editor_;
};

}  // namespace

ExitCode RunInteractive(Session& session, Interrupts& interrupts, const Flags& flags) {
  session.settings().pager = !session.settings().vendor;
  Conversation conversation(session, interrupts, flags);
  while (conversation.ReadAndRun()) {
  }
  return ExitCode::kOk;
}

}  // namespace tql::shell

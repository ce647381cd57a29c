// The line editor for terminals with escape sequences: key bindings and display.
#ifndef TQLKIT_TOOLS_TQL_EDIT_TERMINAL_EDITOR_H_
#define TQLKIT_TOOLS_TQL_EDIT_TERMINAL_EDITOR_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tools/tql/edit/edit_buffer.h"
#include "tools/tql/edit/history.h"
#include "tools/tql/edit/key_reader.h"
#include "tools/tql/edit/layout.h"
#include "tools/tql/edit/line_editor.h"
#include "tools/tql/edit/raw_terminal.h"
#include "tools/tql/edit/screen.h"

namespace tql::shell {

/// Created by MakeLineEditor only.
class TerminalEditor : public LineEditor {
 public:
  explicit TerminalEditor(LineEditorOptions options);

  Event Read(const Prompt& prompt, const std::string& initial, std::string* text) override;
  void AddHistory(const std::string& entry) override { history_.Add(entry); }
  std::vector<std::string> Entries() override { return history_.entries(); }

 private:
  using Unit = EditBuffer::Unit;
  using Action = void (TerminalEditor::*)();
  struct Binding;
  static const Binding kBindings[];

  /// The state after Tab with several candidates: the next Tab selects the next one.
  struct Choice {
    std::vector<std::string> words;
    std::size_t chosen = 0;    // index of the selected word; words.size(): none yet
    std::size_t inserted = 0;  // number of bytes before the cursor that a selection replaces
  };

  /// The state of a history search (Ctrl-R): the text is the found entry, and keys edit the query.
  struct Search {
    std::string query;
    bool older = true;
    bool failed = false;
    std::string text;  // the text and the cursor before the search
    std::size_t cursor = 0;
    std::size_t entry = 0;          // index in the history
    std::optional<std::size_t> at;  // offset of the match in the entry
  };

  // terminal_editor.cc: input and display.
  Event Finish(Event event, std::string* text);
  void Wait();
  void ReadInput();
  void Paint();
  bool InputWaits() const;
  std::vector<Span> Spans() const;

  // terminal_editor_keys.cc: the actions of keys.
  void Handle(const Key& key);
  bool HandleBound(const Key& key);
  void Enter();
  void Up();
  void Down();
  void Older() { Show(walk_->Step(true, buffer_.text())); }
  void Newer() { Show(walk_->Step(false, buffer_.text())); }
  void Oldest() { Show(walk_->Leap(true, buffer_.text())); }
  void Newest() { Show(walk_->Leap(false, buffer_.text())); }
  void Show(std::optional<std::string> text);
  template <Unit unit>
  void MoveBack();
  template <Unit unit>
  void MoveForward();
  template <Unit unit>
  void EraseBack();
  template <Unit unit>
  void KillBack();
  template <Unit unit>
  void KillForward();
  void Delete();
  void DeleteOrEnd();
  void Yank() { buffer_.Yank(); }
  void Transpose() { buffer_.Transpose(); }
  void Upper() { buffer_.ChangeCase(EditBuffer::Case::kUpper); }
  void Lower() { buffer_.ChangeCase(EditBuffer::Case::kLower); }
  void Capitalize() { buffer_.ChangeCase(EditBuffer::Case::kCapital); }
  void Undo() { buffer_.Undo(); }
  void Quote() { keys_.QuoteNext(); }
  void Newline() { buffer_.Insert("\n"); }
  void ClearScreen() { cleared_ = true; }
  void Suspend();
  void Quit();
  void Interrupt() { ended_ = Event::kInterrupt; }
  void Complete();
  void Choose(bool next);

  // terminal_editor_search.cc: history search.
  void SearchOlder() { BeginSearch(true); }
  void SearchNewer() { BeginSearch(false); }
  void BeginSearch(bool older);
  bool HandleInSearch(const Key& key);
  void SearchFrom(std::size_t entry);
  void SearchOn(bool older);
  void ShortenQuery();
  std::string SearchPrompt() const;

  const LineEditorOptions options_;
  History history_;
  EditBuffer buffer_;
  KeyReader keys_;
  Layout layout_;
  Screen screen_;
  RawTerminal* terminal_ = nullptr;  // set during Read
  const Prompt* prompt_ = nullptr;   // set during Read
  std::optional<HistoryWalk> walk_;  // set during Read
  std::optional<Choice> choice_;
  std::optional<Search> search_;
  std::string last_query_;
  std::optional<Event> ended_;
  bool cleared_ = false;  // the screen must be cleared
  bool idle_ = false;     // no input arrived for a while
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_TERMINAL_EDITOR_H_

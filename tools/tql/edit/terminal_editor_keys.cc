// The key bindings, which are those of Emacs, as in most shells.
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdint>
#include <utility>

#include "tools/tql/edit/terminal_editor.h"

namespace tql::shell {
namespace {

/// If this many bytes follow a tab, it is part of a paste that the terminal did not mark.
constexpr int kPasted = 8;

int BytesWaiting() {
  int count = 0;
  return ioctl(STDIN_FILENO, FIONREAD, &count) == 0 ? count : 0;
}

}  // namespace

struct TerminalEditor::Binding {
  enum Modifiers : std::uint8_t { kNone, kControl, kAlt };
  Key::Kind kind;
  Modifiers modifiers;
  char letter;  // for kText
  Action action;
};

template <EditBuffer::Unit unit>
void TerminalEditor::MoveBack() {
  buffer_.MoveTo(buffer_.Back(unit));
}
template <EditBuffer::Unit unit>
void TerminalEditor::MoveForward() {
  buffer_.MoveTo(buffer_.Forward(unit));
}
template <EditBuffer::Unit unit>
void TerminalEditor::EraseBack() {
  buffer_.EraseTo(buffer_.Back(unit));
}

/// At the start of a line, kills the newline before it, so that repeating the key continues.
template <EditBuffer::Unit unit>
void TerminalEditor::KillBack() {
  const std::size_t place = buffer_.Back(unit);
  buffer_.KillTo(place != buffer_.cursor() ? place : buffer_.Back(Unit::kCharacter));
}
template <EditBuffer::Unit unit>
void TerminalEditor::KillForward() {
  const std::size_t place = buffer_.Forward(unit);
  buffer_.KillTo(place != buffer_.cursor() ? place : buffer_.Forward(Unit::kCharacter));
}

const TerminalEditor::Binding TerminalEditor::kBindings[] = {
    {Key::Kind::kUp, Binding::kNone, 0, &TerminalEditor::Up},
    {Key::Kind::kDown, Binding::kNone, 0, &TerminalEditor::Down},
    {Key::Kind::kText, Binding::kControl, 'p', &TerminalEditor::Up},
    {Key::Kind::kText, Binding::kControl, 'n', &TerminalEditor::Down},
    {Key::Kind::kUp, Binding::kAlt, 0, &TerminalEditor::Older},
    {Key::Kind::kDown, Binding::kAlt, 0, &TerminalEditor::Newer},
    {Key::Kind::kUp, Binding::kControl, 0, &TerminalEditor::Older},
    {Key::Kind::kDown, Binding::kControl, 0, &TerminalEditor::Newer},
    {Key::Kind::kText, Binding::kAlt, 'p', &TerminalEditor::Older},
    {Key::Kind::kText, Binding::kAlt, 'n', &TerminalEditor::Newer},
    {Key::Kind::kPageUp, Binding::kNone, 0, &TerminalEditor::Older},
    {Key::Kind::kPageDown, Binding::kNone, 0, &TerminalEditor::Newer},
    {Key::Kind::kText, Binding::kAlt, '<', &TerminalEditor::Oldest},
    {Key::Kind::kText, Binding::kAlt, '>', &TerminalEditor::Newest},

    {Key::Kind::kText, Binding::kControl, 'r', &TerminalEditor::SearchOlder},
    {Key::Kind::kText, Binding::kControl, 's', &TerminalEditor::SearchNewer},

    {Key::Kind::kLeft, Binding::kNone, 0, &TerminalEditor::MoveBack<Unit::kCharacter>},
    {Key::Kind::kText, Binding::kControl, 'b', &TerminalEditor::MoveBack<Unit::kCharacter>},
    {Key::Kind::kRight, Binding::kNone, 0, &TerminalEditor::MoveForward<Unit::kCharacter>},
    {Key::Kind::kText, Binding::kControl, 'f', &TerminalEditor::MoveForward<Unit::kCharacter>},
    {Key::Kind::kLeft, Binding::kControl, 0, &TerminalEditor::MoveBack<Unit::kWord>},
    {Key::Kind::kLeft, Binding::kAlt, 0, &TerminalEditor::MoveBack<Unit::kWord>},
    {Key::Kind::kText, Binding::kAlt, 'b', &TerminalEditor::MoveBack<Unit::kWord>},
    {Key::Kind::kRight, Binding::kControl, 0, &TerminalEditor::MoveForward<Unit::kWord>},
    {Key::Kind::kRight, Binding::kAlt, 0, &TerminalEditor::MoveForward<Unit::kWord>},
    {Key::Kind::kText, Binding::kAlt, 'f', &TerminalEditor::MoveForward<Unit::kWord>},
    {Key::Kind::kHome, Binding::kNone, 0, &TerminalEditor::MoveBack<Unit::kLine>},
    {Key::Kind::kText, Binding::kControl, 'a', &TerminalEditor::MoveBack<Unit::kLine>},
    {Key::Kind::kEnd, Binding::kNone, 0, &TerminalEditor::MoveForward<Unit::kLine>},
    {Key::Kind::kText, Binding::kControl, 'e', &TerminalEditor::MoveForward<Unit::kLine>},
    {Key::Kind::kHome, Binding::kControl, 0, &TerminalEditor::MoveBack<Unit::kText>},
    {Key::Kind::kEnd, Binding::kControl, 0, &TerminalEditor::MoveForward<Unit::kText>},

    {Key::Kind::kBackspace, Binding::kNone, 0, &TerminalEditor::EraseBack<Unit::kCharacter>},
    {Key::Kind::kDelete, Binding::kNone, 0, &TerminalEditor::Delete},
    {Key::Kind::kText, Binding::kControl, 'd', &TerminalEditor::DeleteOrEnd},
    // The terminal converts a Ctrl-D that is typed while a statement runs to this.
    {Key::Kind::kText, Binding::kControl, '@', &TerminalEditor::DeleteOrEnd},
    {Key::Kind::kText, Binding::kControl, 'k', &TerminalEditor::KillForward<Unit::kLine>},
    {Key::Kind::kText, Binding::kControl, 'u', &TerminalEditor::KillBack<Unit::kLine>},
    {Key::Kind::kText, Binding::kControl, 'w', &TerminalEditor::KillBack<Unit::kBlankWord>},
    {Key::Kind::kBackspace, Binding::kAlt, 0, &TerminalEditor::KillBack<Unit::kWord>},
    {Key::Kind::kText, Binding::kAlt, 'd', &TerminalEditor::KillForward<Unit::kWord>},
    {Key::Kind::kDelete, Binding::kControl, 0, &TerminalEditor::KillForward<Unit::kWord>},
    {Key::Kind::kText, Binding::kControl, 'y', &TerminalEditor::Yank},
    {Key::Kind::kText, Binding::kControl, 't', &TerminalEditor::Transpose},
    {Key::Kind::kText, Binding::kAlt, 'u', &TerminalEditor::Upper},
    {Key::Kind::kText, Binding::kAlt, 'l', &TerminalEditor::Lower},
    {Key::Kind::kText, Binding::kAlt, 'c', &TerminalEditor::Capitalize},
    {Key::Kind::kText, Binding::kControl, '_', &TerminalEditor::Undo},

    {Key::Kind::kEnter, Binding::kAlt, 0, &TerminalEditor::Newline},
    {Key::Kind::kTab, Binding::kNone, 0, &TerminalEditor::Complete},
    {Key::Kind::kText, Binding::kControl, 'v', &TerminalEditor::Quote},
    {Key::Kind::kText, Binding::kControl, 'l', &TerminalEditor::ClearScreen},
    {Key::Kind::kText, Binding::kControl, 'z', &TerminalEditor::Suspend},
    {Key::Kind::kText, Binding::kControl, 'c', &TerminalEditor::Interrupt},
    {Key::Kind::kText, Binding::kControl, '\\', &TerminalEditor::Quit},
};

bool TerminalEditor::HandleBound(const Key& key) {
  const char letter = key.kind == Key::Kind::kText ? key.text[0] : '\0';
  const auto modifiers = key.control ? Binding::kControl : key.alt ? Binding::kAlt : Binding::kNone;
  const auto* bound = std::ranges::find_if(kBindings, [&](const Binding& binding) {
    return binding.kind == key.kind && binding.letter == letter && binding.modifiers == modifiers;
  });
  if (bound == std::end(kBindings)) return false;
  (this->*bound->action)();
  return true;
}

void TerminalEditor::Handle(const Key& key) {
  if (search_ && HandleInSearch(key)) return;
  if (choice_ && (key.kind == Key::Kind::kTab || key.kind == Key::Kind::kBackTab)) {
    return Choose(key.kind == Key::Kind::kTab);
  }
  choice_.reset();
  if (HandleBound(key)) return;
  if (key.kind == Key::Kind::kText && !key.control && !key.alt) buffer_.Type(key.text);
  if (key.kind == Key::Kind::kPaste) buffer_.Insert(key.text);
  if (key.kind == Key::Kind::kEnter) Enter();
}

void TerminalEditor::Enter() {
  if (options_.is_complete(buffer_.text())) {
    ended_ = Event::kText;
  } else {
    Newline();
  }
}

void TerminalEditor::Up() {
  if (!buffer_.MoveLine(false)) Older();
}

void TerminalEditor::Down() {
  if (!buffer_.MoveLine(true)) Newer();
}

void TerminalEditor::Show(std::optional<std::string> text) {
  if (text) buffer_.Reset(*std::move(text));
}

void TerminalEditor::Delete() { buffer_.EraseTo(buffer_.Forward(Unit::kCharacter)); }

void TerminalEditor::DeleteOrEnd() {
  if (!buffer_.text().empty()) return Delete();
  ended_ = Event::kEnd;
}

void TerminalEditor::Suspend() {
  RawTerminal::Write(screen_.Leave());
  terminal_->Suspend();
}

void TerminalEditor::Quit() { std::raise(SIGQUIT); }

void TerminalEditor::Complete() {
  const std::string_view before = std::string_view(buffer_.text()).substr(0, buffer_.cursor());
  const std::string_view line = before.substr(before.rfind('\n') + 1);
  const bool indents = line.find_first_not_of(" \t") == line.npos;
  if (indents || BytesWaiting() >= kPasted) return buffer_.Type("\t");
  Completer::Completion found = options_.complete(before);
  if (found.text.empty()) return;
  const bool unique = found.candidates.size() == 1;
  const bool ended = unique && !found.text.ends_with('/');  // a folder may be continued
  buffer_.ReplaceBefore(found.replaced, found.text + (ended ? " " : ""));
  if (unique) return;
  const std::size_t none = found.candidates.size();
  choice_ = Choice{std::move(found.candidates), none, found.text.size()};
}

void TerminalEditor::Choose(bool next) {
  const std::size_t count = choice_->words.size();
  const std::size_t first = next ? 0 : count - 1;
  std::size_t& chosen = choice_->chosen;
  chosen = chosen == count ? first : (chosen + (next ? 1 : count - 1)) % count;
  buffer_.ReplaceBefore(choice_->inserted, choice_->words[chosen]);
  choice_->inserted = choice_->words[chosen].size();
}

}  // namespace tql::shell

#include "tools/tql/edit/terminal_editor.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <span>
#include <utility>

#include "proto/base/utf8.h"
#include "tools/tql/edit/highlight.h"

namespace tql::shell {
namespace {

/// After this time an escape is the key Escape, not the start of a sequence.
constexpr int kEscapeMilliseconds = 50;
/// The timeout within a paste, which may arrive over a slow connection.
constexpr int kPasteMilliseconds = 500;
/// Longer texts are not highlighted, because highlighting would delay each key.
constexpr std::size_t kMostColored = 64 * 1024;

}  // namespace

TerminalEditor::TerminalEditor(LineEditorOptions options)
    : options_(std::move(options)), history_(options_.history_file) {}

LineEditor::Event TerminalEditor::Read(const Prompt& prompt, const std::string& initial,
                                       std::string* text) {
  // Switch to raw mode before the prompt is displayed; otherwise the terminal would interpret a
  // Ctrl-D that is typed immediately.
  RawTerminal terminal;
  terminal_ = &terminal;
  prompt_ = &prompt;
  walk_.emplace(history_);
  buffer_.Reset(base::SanitizeUtf8(initial));
  layout_.Reset();
  screen_.Forget();
  ended_.reset();
  while (!ended_) {
    while (!ended_) {
      const std::optional<Key> key = keys_.Next(std::exchange(idle_, false));
      if (!key) break;
      Handle(*key);
    }
    if (!ended_) Wait();
  }
  return Finish(*ended_, text);
}

LineEditor::Event TerminalEditor::Finish(Event event, std::string* text) {
  choice_.reset();
  search_.reset();
  buffer_.MoveTo(buffer_.text().size());
  Paint();
  RawTerminal::Write((event == Event::kInterrupt ? "^C" : "") + screen_.Leave());
  if (event == Event::kInterrupt) keys_.Clear();
  *text = buffer_.text();
  walk_.reset();
  terminal_ = nullptr;
  prompt_ = nullptr;
  return event;
}

bool TerminalEditor::InputWaits() const {
  pollfd wait{STDIN_FILENO, POLLIN, 0};
  return poll(&wait, 1, 0) > 0;
}

/// Waits for input. Nothing is drawn while more input is available.
void TerminalEditor::Wait() {
  if (!keys_.pasting() && !InputWaits()) Paint();
  pollfd wait[3] = {{STDIN_FILENO, POLLIN, 0},
                    {options_.interrupt_fd, POLLIN, 0},
                    {terminal_->changed_fd(), POLLIN, 0}};
  const int patience = keys_.pasting()   ? kPasteMilliseconds
                       : keys_.halfway() ? kEscapeMilliseconds
                                         : -1;
  const int ready = poll(wait, 3, patience);
  if (ready < 0) return;
  idle_ = ready == 0;
  if (wait[1].revents != 0) return Interrupt();
  if (wait[2].revents != 0 && terminal_->TakeChange()) screen_.Forget();
  if (wait[0].revents != 0) ReadInput();
}

void TerminalEditor::ReadInput() {
  // Read byte by byte, except in a paste: input after a statement may be the answer to a question.
  char block[16 * 1024];
  const ssize_t count = read(STDIN_FILENO, block, keys_.pasting() ? sizeof block : 1);
  if (count < 0 && (errno == EINTR || errno == EAGAIN)) return;
  if (count <= 0) {
    ended_ = Event::kEnd;
    return;
  }
  keys_.Feed({block, static_cast<std::size_t>(count)});
}

std::vector<Span> TerminalEditor::Spans() const {
  std::vector<Span> spans;
  if (buffer_.text().size() <= kMostColored) spans = Highlight(buffer_.text());
  if (search_ && search_->at && !search_->failed) {
    Mark({*search_->at, *search_->at + search_->query.size(), Ink::kChosen}, &spans);
  }
  return spans;
}

void TerminalEditor::Paint() {
  const Size size = RawTerminal::size();
  std::string bytes = screen_.Resize(size.columns);
  if (std::exchange(cleared_, false)) bytes += screen_.Clear();
  const bool colors = options_.use_colors();
  const std::string prompt = search_ ? SearchPrompt() : prompt_->first;
  const std::vector<Span> spans = colors ? Spans() : std::vector<Span>();
  Drawing drawing;
  drawing.prompt = prompt;
  drawing.continuation = prompt_->continuation;
  drawing.text = buffer_.text();
  drawing.cursor = buffer_.cursor();
  drawing.spans = spans;
  std::vector<Row> below;
  if (choice_) {
    const std::size_t most = std::max<std::size_t>(1, size.rows / 3);
    below = ListRows(choice_->words, choice_->chosen, size.columns, most);
  }
  drawing.below = below;
  bytes += screen_.Paint(layout_.Make(drawing, size), colors);
  RawTerminal::Write(bytes);
}

}  // namespace tql::shell

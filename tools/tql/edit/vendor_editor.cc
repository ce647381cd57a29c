#include "tools/tql/edit/vendor_editor.h"

#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <string_view>
#include <utility>

#include "proto/base/utf8.h"
#include "tools/tql/edit/raw_terminal.h"
#include "tools/tql/render/characters.h"

namespace tql::shell {
namespace {

// The state that signal handlers use.
std::atomic<bool> is_quiet{false};
termios usual{};

void EnterQuiet() {
  if (tcgetattr(STDIN_FILENO, &usual) != 0) return;
  termios quiet = usual;
  quiet.c_iflag |= ICRNL;
  quiet.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  quiet.c_cc[VMIN] = 1;
  quiet.c_cc[VTIME] = 0;
  quiet.c_cc[VSUSP] = _POSIX_VDISABLE;  // a stopped shell would leave echo off
  is_quiet = true;
  tcsetattr(STDIN_FILENO, TCSANOW, &quiet);  // keep type-ahead
}

/// Async-signal-safe.
void LeaveQuiet() {
  if (is_quiet.exchange(false)) tcsetattr(STDIN_FILENO, TCSANOW, &usual);
}

constexpr unsigned char kEndOfInput = 4;  // Ctrl-D
/// A Ctrl-D that was typed while the terminal was in line mode.
constexpr unsigned char kEarlierEndOfInput = 0;
constexpr unsigned char kKill = 0x15;  // Ctrl-U

/// Returns the echo of a byte; control characters as the terminal would echo them.
std::string Shown(char byte) {
  const bool control = (static_cast<unsigned char>(byte) < 0x20 && byte != '\t') || byte == 0x7F;
  return control ? std::string{'^', static_cast<char>(byte ^ 0x40)} : std::string(1, byte);
}

/// Removes the last character from the line and from the terminal.
void Erase(std::string* line) {
  const std::size_t begin = base::Utf8Floor(*line, line->size() - 1);
  const std::string character = line->substr(begin);
  line->resize(begin);
  const std::string shown = character.size() == 1 ? Shown(character[0]) : character;
  for (std::size_t i = 0; i < DisplayWidth(shown); ++i) RawTerminal::Write("\b \b");
}

}  // namespace

VendorEditor::VendorEditor(LineEditorOptions options)
    : PlainEditor(std::move(options)), guard_(LeaveQuiet) {
  EnterQuiet();
}

VendorEditor::~VendorEditor() { LeaveQuiet(); }

LineEditor::Event VendorEditor::ReadLine(std::string* line) {
  line->clear();
  for (;;) {
    char byte = 0;
    if (const Event event = ReadByte(&byte); event != Event::kText) return event;
    const auto code = static_cast<unsigned char>(byte);
    if (byte == '\n') {
      RawTerminal::Write("\n");
      return Event::kText;
    }
    if (code == kEndOfInput || code == kEarlierEndOfInput) {
      if (line->empty()) return Event::kEnd;
    } else if (byte == '\b' || byte == 0x7F) {
      if (!line->empty()) Erase(line);
    } else if (code == kKill) {
      while (!line->empty()) Erase(line);
    } else {
      *line += byte;
      RawTerminal::Write(Shown(byte));
    }
  }
}

}  // namespace tql::shell

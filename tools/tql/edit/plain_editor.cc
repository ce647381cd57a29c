#include "tools/tql/edit/plain_editor.h"

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "proto/base/utf8.h"
#include "tools/tql/edit/raw_terminal.h"
#include "tools/tql/render/characters.h"

namespace tql::shell {

LineEditor::Event PlainEditor::ReadByte(char* byte) const {
  pollfd wait[2] = {{STDIN_FILENO, POLLIN, 0}, {options_.interrupt_fd, POLLIN, 0}};
  while (poll(wait, 2, -1) < 0) {
  }
  if (wait[1].revents != 0) return Event::kInterrupt;
  return read(STDIN_FILENO, byte, 1) == 1 ? Event::kText : Event::kEnd;
}

LineEditor::Event PlainEditor::ReadLine(std::string* line) {
  line->clear();
  for (;;) {
    char byte = 0;
    const Event event = ReadByte(&byte);
    if (event != Event::kText || byte == '\n') return event;
    *line += byte;
  }
}

LineEditor::Event PlainEditor::Read(const Prompt& prompt, const std::string& initial,
                                    std::string* text) {
  *text = initial;
  std::string before = prompt.first;
  for (std::string_view rest = initial;;) {
    const std::size_t end = std::min(rest.find('\n'), rest.size());
    before += Visible(rest.substr(0, end));
    if (end == rest.size()) break;
    before += "\n" + prompt.continuation;
    rest.remove_prefix(end + 1);
  }
  RawTerminal::Write(before);
  for (;;) {
    std::string line;
    const Event event = ReadLine(&line);
    if (event != Event::kText) {
      RawTerminal::Write("\n");
      return event;
    }
    *text += base::SanitizeUtf8(line);
    if (options_.is_complete(*text)) return Event::kText;
    *text += '\n';
    RawTerminal::Write(prompt.continuation);
  }
}

}  // namespace tql::shell

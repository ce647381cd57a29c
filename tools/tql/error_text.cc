#include "tools/tql/error_text.h"

#include <algorithm>
#include <charconv>

#include "tools/tql/visible.h"

namespace tql::shell {
namespace {

/// The number behind `word` in `text`; 0 when there is none.
std::size_t NumberBehind(std::string_view text, std::string_view word) {
  const std::size_t at = text.find(word);
  if (at == text.npos) return 0;
  std::size_t number = 0;
  std::from_chars(text.data() + at + word.size(), text.data() + text.size(), number);
  return number;
}

/// The line of the statement that an error names; 0 when it names none.
std::size_t LineIn(std::string_view error) {
  const std::size_t line = NumberBehind(error, "line ");
  return line > 0 ? line : NumberBehind(error, "Line ");
}

/// That line, with a caret under the place; empty when the error names none.
std::string PlaceIn(std::string_view statement, std::string_view error) {
  std::size_t line = LineIn(error);
  const std::size_t column = NumberBehind(error, "column ");
  if (line == 0 || column == 0) return {};
  for (; line > 1; --line) {
    const std::size_t end = statement.find('\n');
    if (end == statement.npos) return {};
    statement.remove_prefix(end + 1);
  }
  const std::string text(statement.substr(0, statement.find('\n')));
  if (column > text.size() + 1 || text.size() > 500) return {};
  std::string caret;
  for (const char c : VisibleLines(std::string_view(text).substr(0, column - 1))) {
    // Tabs stay, bytes that continue a character take no room.
    if (c == '\t')
      caret += '\t';
    else if ((static_cast<unsigned char>(c) & 0xC0U) != 0x80)
      caret += ' ';
  }
  return "  " + VisibleLines(text) + "\n  " + caret + "^\n";
}

}  // namespace

std::string ErrorText(const std::string& text, const std::string& statement, const Source* source) {
  std::string place;
  if (source != nullptr) {
    // Without a statement the lines are of something else.
    const std::size_t line = statement.empty() ? 1 : std::max<std::size_t>(LineIn(text), 1);
    place = source->file + ":" + std::to_string(source->line + line - 1) + ": ";
  }
  return place + "error: " + text + PlaceIn(statement, text);
}

}  // namespace tql::shell

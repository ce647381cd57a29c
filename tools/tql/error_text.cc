#include "tools/tql/error_text.h"

#include <algorithm>
#include <charconv>

#include "tools/tql/visible.h"

namespace tql::shell {
namespace {

constexpr std::string_view kCaret = "^\n";

std::string Red(std::string_view text) { return "\x1b[1;31m" + std::string(text) + "\x1b[0m"; }

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

/// Where the character begins that holds this byte.
std::size_t CharacterAt(std::string_view text, std::size_t at) {
  while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U) {
    --at;
  }
  return at;
}

/// As wide as the text: its tabs, and blanks.
std::string BlanksFor(std::string_view text) {
  std::string blanks;
  for (;;) {
    const std::size_t tab = std::min(text.find('\t'), text.size());
    blanks.append(DisplayWidth(text.substr(0, tab)), ' ');
    if (tab == text.size()) return blanks;
    blanks += '\t';
    text.remove_prefix(tab + 1);
  }
}

/// That line, with a caret under the place; empty when the error names none.
std::string PlaceIn(std::string_view statement, std::string_view error) {
  if (statement.empty()) return {};
  std::size_t line = LineIn(error);
  const std::size_t column = NumberBehind(error, "column ");
  if (line == 0 || column == 0) return {};
  for (; line > 1; --line) {
    const std::size_t end = statement.find('\n');
    if (end == statement.npos) return {};
    statement.remove_prefix(end + 1);
  }
  const std::string_view text = statement.substr(0, statement.find('\n'));
  if (column > text.size() + 1) return {};
  // A statement of a program may be one long line: what stands around the place will do.
  constexpr std::size_t kAround = 120;
  const std::size_t at = column - 1;
  const std::size_t begin = CharacterAt(text, at > kAround ? at - kAround : 0);
  const std::size_t end = CharacterAt(text, std::min(text.size(), at + kAround));
  const std::string before =
      (begin > 0 ? "..." : "") + VisibleLines(text.substr(begin, at - begin));
  const std::string behind =
      VisibleLines(text.substr(at, end - at)) + (end < text.size() ? "..." : "");
  return "  " + before + behind + "\n  " + BlanksFor(before) + std::string(kCaret);
}

}  // namespace

std::string ErrorText(const std::string& text, const std::string& statement, const Source* source,
                      bool colored) {
  std::string place;
  if (source != nullptr) {
    // Without a statement the lines are of something else.
    const std::size_t line = statement.empty() ? 1 : std::max<std::size_t>(LineIn(text), 1);
    place = source->file + ":" + std::to_string(source->line + line - 1) + ": ";
  }
  std::string excerpt = PlaceIn(statement, text);
  if (!colored) return place + "error: " + text + excerpt;
  if (!excerpt.empty())
    excerpt.replace(excerpt.size() - kCaret.size(), kCaret.size(), Red("^") + "\n");
  return VisibleLines(place) + Red("error:") + " " + VisibleLines(text) + excerpt;
}

void WriteError(Output& err, Color color, const std::string& text, const std::string& statement,
                const Source* source) {
  const bool colored = UsesColors(color, err.terminal());
  const std::string shown = ErrorText(text, statement, source, colored);
  colored ? err.Write(shown) : err.WriteText(shown);
}

}  // namespace tql::shell

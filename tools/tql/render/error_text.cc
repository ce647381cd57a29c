#include "tools/tql/render/error_text.h"

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <optional>
#include <string_view>
#include <system_error>

#include "proto/base/utf8.h"
#include "tools/tql/render/characters.h"

namespace tql::shell {
namespace {

constexpr std::string_view kCaret = "^\n";

std::string Red(std::string_view text) { return "\x1b[1;31m" + std::string(text) + "\x1b[0m"; }

/// The position in an error of the service, "line 2, column 7".
struct NamedPlace {
  std::size_t begin = 0;  // start of the first number in the error
  std::size_t end = 0;    // end of the last number
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

/// Removes the words and the number after them from the front of `text`. Returns 0 if they do not
/// match.
std::uint32_t TakeNumber(std::string_view word, std::string_view* text) {
  if (!text->starts_with(word)) return 0;
  std::string_view digits = text->substr(word.size());
  std::uint32_t number = 0;
  const auto [at, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc()) return 0;
  text->remove_prefix(static_cast<std::size_t>(at - text->data()));
  return number;
}

/// Finds the position in an error: the one at its end, otherwise the first one, because others may
/// be quotations of the statement.
std::optional<NamedPlace> PlaceNamedIn(std::string_view error) {
  constexpr std::string_view kLine = "ine ";  // of "line" and "Line"
  std::optional<NamedPlace> first;
  for (std::size_t at = error.find(kLine); at != error.npos; at = error.find(kLine, at + 1)) {
    std::string_view rest = error.substr(at);
    NamedPlace place{.begin = at + kLine.size()};
    place.line = TakeNumber(kLine, &rest);
    place.column = place.line > 0 ? TakeNumber(", column ", &rest) : 0;
    if (place.column == 0) continue;
    place.end = error.size() - rest.size();
    if (rest.find_first_not_of(").\n") == rest.npos) return place;
    if (!first) first = place;
  }
  return first;
}

/// Converts the position to one in the script.
NamedPlace InScript(NamedPlace place, const Source& source) {
  if (place.line == 1) place.column += source.column - 1;
  place.line += source.line - 1;
  return place;
}

/// Returns the offset of the character with this number, from 1; npos if the line is shorter.
std::size_t OffsetOf(std::string_view line, std::uint32_t column) {
  std::size_t at = 0;
  for (std::uint32_t i = 1; i < column; ++i) {
    if (at >= line.size()) return line.npos;
    at = base::Utf8Ceil(line, at + 1);
  }
  return at;
}

/// Returns whitespace with the width of the text, keeping its tabs.
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

/// Returns the line of the statement with this position and a caret below it; empty if it does not
/// exist.
std::string ExcerptOf(std::string_view statement, const NamedPlace& place) {
  for (std::uint32_t line = place.line; line > 1; --line) {
    const std::size_t end = statement.find('\n');
    if (end == statement.npos) return {};
    statement.remove_prefix(end + 1);
  }
  const std::string_view text = statement.substr(0, statement.find('\n'));
  const std::size_t at = OffsetOf(text, place.column);
  if (at == text.npos) return {};
  // A generated statement may be one long line; show only the text around the position.
  constexpr std::size_t kAround = 120;
  const std::size_t begin = base::Utf8Floor(text, at > kAround ? at - kAround : 0);
  const std::size_t end = base::Utf8Floor(text, std::min(text.size(), at + kAround));
  const std::string before =
      (begin > 0 ? "..." : "") + VisibleLines(text.substr(begin, at - begin));
  const std::string behind =
      VisibleLines(text.substr(at, end - at)) + (end < text.size() ? "..." : "");
  return "  " + before + behind + "\n  " + BlanksFor(before) + std::string(kCaret);
}

}  // namespace

std::string ErrorText(const std::string& text, const std::string& statement, const Source* source,
                      ErrorStyle style) {
  // Without a statement the position may be in another text.
  const auto named = statement.empty() ? std::nullopt : PlaceNamedIn(text);
  std::string message = text;
  std::string script;
  if (source != nullptr) {
    std::uint32_t line = source->line;
    if (named) {
      const NamedPlace place = InScript(*named, *source);
      line = place.line;
      message.replace(named->begin, named->end - named->begin,
                      std::to_string(line) + ", column " + std::to_string(place.column));
    }
    if (!source->name.empty()) script = source->name + ":" + std::to_string(line) + ": ";
  }
  std::string excerpt = named ? ExcerptOf(statement, *named) : "";
  if (style == ErrorStyle::kPlain) return script + "error: " + message + excerpt;
  if (style == ErrorStyle::kVendor) return script + "error=" + message + excerpt;
  if (!excerpt.empty())
    excerpt.replace(excerpt.size() - kCaret.size(), kCaret.size(), Red("^") + "\n");
  return VisibleLines(script) + Red("error:") + " " + VisibleLines(message) + excerpt;
}

void WriteError(Output& err, const Settings& settings, const std::string& text,
                const std::string& statement, const Source* source) {
  const bool colored = UsesColors(settings.color, err.terminal());
  const ErrorStyle style = colored           ? ErrorStyle::kColored
                           : settings.vendor ? ErrorStyle::kVendor
                                             : ErrorStyle::kPlain;
  const std::string shown = ErrorText(text, statement, source, style);
  colored ? err.Write(shown) : err.WriteText(shown);
}

}  // namespace tql::shell

#include "tools/tql/entered_text.h"

#include <algorithm>

#include "mockserver/dialect/splitter.h"
#include "tools/tql/batch.h"
#include "tools/tql/meta_commands.h"

namespace tql::shell {
namespace {

using Kind = EnteredLine::Kind;

/// A bare exit or quit, or one with a semicolon.
bool EndsShell(std::string_view line) {
  if (line.ends_with(';')) line.remove_suffix(1);
  return IsExit(line);
}

}  // namespace

std::string TrimmedRight(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

EnteredLine TakeLine(const std::string& line, std::string* text) {
  const bool begins = text->empty();
  if (begins && EndsShell(TrimmedRight(line))) return {Kind::kExit};
  if (line.find('\\') != line.npos) {
    const std::size_t command = CommandIn(*text, line);
    *text += line.substr(0, command);
    if (command != line.npos) return {Kind::kCommand, command};
  } else {
    *text += line;
  }
  *text += '\n';
  // Nothing else ends a statement, or a comment behind one: long texts need no second look.
  const bool may_end = line.find(';') != line.npos || line.find("*/") != line.npos;
  if (!begins && !may_end) return {Kind::kOpen};
  switch (dialect::StateOf(*text)) {
    case dialect::InputState::kBlank:
      return {Kind::kBlank};
    case dialect::InputState::kComplete:
      return {Kind::kStatements};
    default:
      return {Kind::kOpen};
  }
}

bool IsCompleteInput(std::string_view text) {
  Kind kind = Kind::kBlank;
  std::string open;
  for (bool more = true; more;) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    more = end < text.size();
    kind = TakeLine(std::string(text.substr(0, end)), &open).kind;
    text.remove_prefix(more ? end + 1 : end);
    if (kind == Kind::kExit) return true;
    if (kind != Kind::kOpen) open.clear();
  }
  return kind != Kind::kOpen;
}

}  // namespace tql::shell

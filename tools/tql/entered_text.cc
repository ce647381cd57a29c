#include "tools/tql/entered_text.h"

#include <algorithm>
#include <utility>

#include "tools/tql/batch.h"

namespace tql::shell {
namespace {

using Kind = EnteredLine::Kind;

/// Whether the text is exit or quit, with or without a semicolon.
bool EndsShell(std::string_view line) {
  if (line.ends_with(';')) line.remove_suffix(1);
  return IsExit(line);
}

}  // namespace

std::string TrimmedRight(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  return text;
}

void EnteredText::set_rules(dialect::ScriptRules rules) {
  if (rules == rules_) return;
  rules_ = rules;
  Reset(std::move(text_));
}

void EnteredText::Reset(std::string text) {
  text_ = std::move(text);
  input_ = dialect::GrowingInput(rules_);
  input_.Scan(text_);
}

EnteredLine EnteredText::Take(std::string_view line) {
  if (text_.empty() && EndsShell(TrimmedRight(std::string(line)))) return {Kind::kExit};
  const std::size_t begin = text_.size();
  text_ += line;
  if (const std::size_t command = input_.FindCommand(text_); command != text_.npos) {
    text_.resize(command);
    input_.Scan(text_);
    return {Kind::kCommand, command - begin};
  }
  text_ += '\n';
  switch (input_.Scan(text_)) {
    case dialect::InputState::kBlank:
      return {Kind::kBlank};
    case dialect::InputState::kComplete:
      return {Kind::kStatements};
    default:
      return {Kind::kOpen};
  }
}

bool IsCompleteInput(std::string_view text, dialect::ScriptRules rules) {
  Kind kind = Kind::kBlank;
  EnteredText open(rules);
  for (bool more = true; more;) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    more = end < text.size();
    kind = open.Take(text.substr(0, end)).kind;
    text.remove_prefix(more ? end + 1 : end);
    if (kind == Kind::kExit) return true;
    if (kind != Kind::kOpen) open.Reset();
  }
  return kind != Kind::kOpen;
}

}  // namespace tql::shell

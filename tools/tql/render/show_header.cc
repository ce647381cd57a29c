#include "tools/tql/render/show_header.h"

#include <algorithm>
#include <utility>

#include "mockserver/dialect/lexer.h"

namespace tql::shell {
namespace {

/// Whether the line is "----|---" with as many columns as the line of names.
bool IsDashesBelow(std::string_view line, std::string_view names) {
  while (line.ends_with('\n') || line.ends_with('\r') || line.ends_with(' ')) line.remove_suffix(1);
  return line.find('-') != line.npos && line.find_first_not_of("-|") == line.npos &&
         std::ranges::count(line, '|') == std::ranges::count(names, '|');
}

}  // namespace

bool ShowsTextTable(std::string_view statement) {
  dialect::Lexer lexer(statement);
  if (lexer.Next().keyword != dialect::Keyword::K_show) return false;
  return lexer.Next().keyword != dialect::Keyword::K_databases;
}

void ShowHeader::Add(std::string_view text) {
  while (!text.empty()) {
    const std::size_t newline = text.find('\n');
    if (newline == text.npos) {
      partial_ += text;
      return;
    }
    partial_ += text.substr(0, newline + 1);
    AddLine(std::exchange(partial_, {}));
    text.remove_prefix(newline + 1);
  }
}

void ShowHeader::AddLine(std::string_view line) {
  if (found_) return data_(line);
  if (!previous_.empty() && IsDashesBelow(line, previous_)) {
    found_ = true;
    header_(std::exchange(previous_, {}) + std::string(line));
    return;
  }
  if (!previous_.empty()) data_(previous_);
  previous_ = line;
}

void ShowHeader::End() {
  if (!partial_.empty()) AddLine(std::exchange(partial_, {}));
  if (!previous_.empty()) data_(std::exchange(previous_, {}));
}

}  // namespace tql::shell

#include "mockserver/upstream/statement_places.h"

#include <algorithm>

#include "proto/base/utf8.h"

namespace tql::upstream {

std::string StatementPlaces::BlanksBefore(std::string_view statement) {
  const std::string_view text = text_;
  const std::size_t begin = text.find(statement, end_);
  if (begin == std::string_view::npos) return {};
  const std::string_view passed = text.substr(at_, begin - at_);
  lines_ += static_cast<std::size_t>(std::ranges::count(passed, '\n'));
  if (const std::size_t last = passed.rfind('\n'); last != std::string_view::npos) {
    line_at_ = at_ + last + 1;
  }
  at_ = begin;
  end_ = begin + statement.size();
  const std::size_t column = base::Utf8Count(text.substr(line_at_, begin - line_at_));
  if (lines_ + column > kMostBlanks) return {};
  return std::string(lines_, '\n') + std::string(column, ' ');
}

}  // namespace tql::upstream

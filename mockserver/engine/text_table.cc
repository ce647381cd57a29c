#include "mockserver/engine/text_table.h"

#include <algorithm>

#include "proto/base/utf8.h"

namespace tql::engine {
namespace {

constexpr std::size_t kLastWidth = 16;

}  // namespace

TextTable::TextTable(std::vector<std::string> header, Heading heading)
    : widths_(header.size()), heading_(heading) {
  widths_.back() = kLastWidth;
  AddRow(std::move(header));
}

void TextTable::AddRow(std::vector<std::string> row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    widths_[i] = std::max(widths_[i], base::Utf8Count(row[i]));
  }
  rows_.push_back(std::move(row));
}

void TextTable::VisitLines(const Separators& separators,
                           const std::function<bool(std::string_view)>& visit) const {
  const bool heading = heading_ == Heading::kShown;
  std::string line;
  for (std::size_t r = heading ? 0 : 1; r < rows_.size(); ++r) {
    line.clear();
    for (std::size_t i = 0; i < rows_[r].size(); ++i) {
      if (i > 0) line += separators.field;
      line += rows_[r][i];
      if (i + 1 < rows_[r].size()) line.append(widths_[i] - base::Utf8Count(rows_[r][i]), ' ');
    }
    line += separators.row;
    if (!visit(line)) return;
    if (r > 0) continue;
    line.clear();
    for (std::size_t i = 0; i < widths_.size(); ++i) {
      if (i > 0) line += separators.field;
      line.append(widths_[i], '-');
    }
    line += separators.row;
    if (!visit(line)) return;
  }
}

}  // namespace tql::engine

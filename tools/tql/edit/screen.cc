#include "tools/tql/edit/screen.h"

#include <algorithm>
#include <span>
#include <string_view>
#include <utility>

namespace tql::shell {
namespace {

/// Uses the sixteen basic colours, which users configure in their terminals.
std::string_view SequenceOf(Ink ink) {
  switch (ink) {
    case Ink::kPlain:
      return "\x1b[m";
    case Ink::kKeyword:
      return "\x1b[0;1;34m";
    case Ink::kString:
      return "\x1b[0;32m";
    case Ink::kNumber:
      return "\x1b[0;36m";
    case Ink::kName:
      return "\x1b[0;33m";
    case Ink::kComment:
      return "\x1b[0;90m";
    case Ink::kCommand:
      return "\x1b[0;35m";
    case Ink::kError:
      return "\x1b[0;1;31m";
    case Ink::kChosen:
      return "\x1b[0;7m";
  }
  return "";
}

std::string Sequence(std::size_t count, char final) {
  if (count == 0) return {};
  return "\x1b[" + (count == 1 ? std::string() : std::to_string(count)) + final;
}

void AppendCells(std::span<const Cell> cells, bool colors, std::string* out) {
  Ink ink = Ink::kPlain;
  for (const Cell& cell : cells) {
    if (colors && cell.ink != ink) *out += SequenceOf(ink = cell.ink);
    *out += cell.text;
  }
  if (ink != Ink::kPlain) *out += SequenceOf(Ink::kPlain);
}

}  // namespace

void Screen::MoveTo(std::size_t row, std::size_t column, bool is_new, std::string* out) {
  if (row == row_ && column == column_) return;
  // Terminals differ in the position of the cursor after the last column.
  if (column < column_ || column_ == columns_) {
    *out += '\r';
    column_ = 0;
  }
  if (row < row_) *out += Sequence(row_ - row, 'A');
  const std::size_t known = is_new && row > 0 ? row - 1 : row;
  if (known > row_) *out += Sequence(known - row_, 'B');
  if (row > known) {
    *out += '\n';
    column_ = 0;
  }
  if (column > column_) *out += Sequence(column - column_, 'C');
  row_ = row;
  column_ = column;
}

void Screen::PaintRow(std::size_t place, const Row& row, bool colors, std::string* out) {
  const bool is_new = place >= shown_.size();
  if (is_new) shown_.emplace_back();
  const std::vector<Cell> old = std::exchange(shown_[place], row).cells;
  const auto kept =
      static_cast<std::size_t>(std::ranges::mismatch(row.cells, old).in1 - row.cells.begin());
  const std::span<const Cell> cells(row.cells);
  const std::size_t column = WidthOf(cells.first(kept));
  const std::size_t old_width = WidthOf(old);
  const std::size_t width = WidthOf(cells);
  if (!is_new && kept == cells.size() && old_width == width) return;
  // If a row continues the previous one, let the terminal wrap, so that both rows are one line when
  // the user copies the text.
  const bool wrapped = is_new && place > 0 && shown_[place - 1].wraps && row_ + 1 == place &&
                       column_ == columns_ && width > 0;
  if (wrapped) {
    row_ = place;
    column_ = 0;
  } else {
    MoveTo(place, column, is_new, out);
  }
  AppendCells(cells.subspan(kept), colors, out);
  column_ = width;
  if (old_width > width) *out += "\x1b[K";
}

std::string Screen::Paint(const Frame& frame, bool colors) {
  std::string out;
  for (std::size_t i = 0; i < frame.rows.size(); ++i) PaintRow(i, frame.rows[i], colors, &out);
  if (shown_.size() > frame.rows.size()) {
    MoveTo(frame.rows.size(), 0, false, &out);
    out += "\x1b[J";
    shown_.resize(frame.rows.size());
  }
  MoveTo(frame.cursor_row, frame.cursor_column, false, &out);
  return out;
}

std::string Screen::Leave() {
  std::string out;
  MoveTo(shown_.size(), 0, true, &out);
  Forget();
  return out;
}

std::string Screen::Clear() {
  Forget();
  return "\x1b[H\x1b[2J";
}

void Screen::Forget() {
  shown_.clear();
  row_ = column_ = 0;
}

std::string Screen::Resize(std::size_t columns) {
  const std::size_t before = std::exchange(columns_, columns);
  if (before == 0 || before == columns) return {};
  std::size_t above = 0;
  std::size_t width = 0;  // width of the line so far
  for (std::size_t i = 0; i < row_; ++i) {
    width += WidthOf(shown_[i].cells);
    if (shown_[i].wraps) continue;
    above += std::max<std::size_t>(1, (width + columns - 1) / columns);
    width = 0;
  }
  above += (width + column_) / columns;
  Forget();
  return "\r" + Sequence(above, 'A') + "\x1b[J";
}

}  // namespace tql::shell

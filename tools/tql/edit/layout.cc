#include "tools/tql/edit/layout.h"

#include <algorithm>
#include <numeric>

#include "tools/tql/render/characters.h"

namespace tql::shell {
namespace {

constexpr std::size_t kFewestColumns = 2;  // the width of a wide character

/// Fills rows from left to right.
class RowWriter {
 public:
  explicit RowWriter(std::size_t columns) : columns_(columns) {}

  /// Starts a row.
  void BeginRow() {
    frame_.rows.emplace_back();
    column_ = 0;
  }
  void Put(std::string_view character, Ink ink, bool cursor) {
    const Glyph glyph = GlyphOf(character, column_);
    if (!glyph.escape) {
      const bool tab = character == "\t";
      Reserve(tab ? 1 : glyph.width);
      if (cursor) SetCursor();
      if (tab) return PutBlanks(std::min(glyph.width, columns_ - column_), ink);
      return PutCell(glyph.text, glyph.width, ink);
    }
    Reserve(1);
    if (cursor) SetCursor();
    for (const char c : glyph.text) {
      Reserve(1);
      PutCell(std::string(1, c), 1, ink);
    }
  }
  void PutText(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = CharacterEnd(text, at);
      Put(text.substr(at, end - at), Ink::kPlain, false);
      at = end;
    }
  }
  /// Places the cursor after the text so far, at the position of the next character.
  void PutCursor() {
    Reserve(1);
    SetCursor();
  }
  Frame& frame() { return frame_; }

 private:
  void Reserve(std::size_t width) {
    if (column_ + width <= columns_) return;
    frame_.rows.back().wraps = column_ == columns_;
    BeginRow();
  }
  void SetCursor() {
    frame_.cursor_row = frame_.rows.size() - 1;
    frame_.cursor_column = column_;
  }
  void PutBlanks(std::size_t count, Ink ink) {
    for (; count > 0; --count) PutCell(" ", 1, ink);
  }
  void PutCell(const std::string& text, std::size_t width, Ink ink) {
    std::vector<Cell>& cells = frame_.rows.back().cells;
    if (width > 0) {
      cells.push_back({text, static_cast<std::uint8_t>(width), ink});
    } else if (!cells.empty()) {
      cells.back().text += text;
    }
    column_ += width;
  }

  const std::size_t columns_;
  std::size_t column_ = 0;
  Frame frame_;
};

std::vector<std::size_t> LineBegins(std::string_view text) {
  std::vector<std::size_t> begins = {0};
  for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    begins.push_back(at + 1);
  }
  return begins;
}

/// Lays out the lines from `top` on, as many as fit `height` rows including that of the cursor.
class LinesWriter {
 public:
  LinesWriter(const Drawing& drawing, std::size_t columns) : drawing_(drawing), rows_(columns) {}

  void PutLine(std::size_t begin, std::size_t end, bool first) {
    const std::string_view text = drawing_.text;
    rows_.BeginRow();
    rows_.PutText(first ? drawing_.prompt : drawing_.continuation);
    for (std::size_t at = begin; at < end;) {
      const std::size_t next = CharacterEnd(text, at);
      rows_.Put(text.substr(at, next - at), InkAt(at), at == drawing_.cursor);
      at = next;
    }
    if (end == drawing_.cursor) rows_.PutCursor();
  }
  Frame& frame() { return rows_.frame(); }

 private:
  Ink InkAt(std::size_t at) {
    const std::span<const Span> spans = drawing_.spans;
    if (span_ == 0) {
      span_ = static_cast<std::size_t>(std::ranges::upper_bound(spans, at, {}, &Span::end) -
                                       spans.begin());
    }
    while (span_ < spans.size() && spans[span_].end <= at) ++span_;
    return span_ < spans.size() && spans[span_].begin <= at ? spans[span_].ink : Ink::kPlain;
  }

  const Drawing& drawing_;
  RowWriter rows_;
  std::size_t span_ = 0;  // the first span that may apply
};

}  // namespace

std::size_t WidthOf(std::span<const Cell> cells) {
  return std::accumulate(cells.begin(), cells.end(), std::size_t{0},
                         [](std::size_t sum, const Cell& cell) { return sum + cell.width; });
}

Frame Layout::Make(const Drawing& drawing, Size size) {
  const std::size_t columns = std::max(size.columns, kFewestColumns);
  const std::size_t below = std::min(drawing.below.size(), std::max<std::size_t>(size.rows, 1) - 1);
  const std::size_t height = std::max<std::size_t>(size.rows, 1) - below;
  const std::vector<std::size_t> begins = LineBegins(drawing.text);
  const std::size_t line = static_cast<std::size_t>(
      std::ranges::upper_bound(begins, drawing.cursor) - begins.begin() - 1);
  top_ = std::min(top_, line);
  if (line - top_ >= height) top_ = line - height + 1;
  Frame frame;
  for (;; --top_) {
    LinesWriter lines(drawing, columns);
    for (std::size_t i = top_; i < begins.size(); ++i) {
      if (i > line && lines.frame().rows.size() >= height) break;
      const bool last = i + 1 == begins.size();
      lines.PutLine(begins[i], last ? drawing.text.size() : begins[i + 1] - 1, i == 0);
    }
    frame = std::move(lines.frame());
    // After lines were removed, there may be room for lines above.
    if (top_ == 0 || frame.rows.size() >= height) break;
  }
  const std::size_t hidden = frame.cursor_row < height ? 0 : frame.cursor_row - height + 1;
  frame.rows.erase(frame.rows.begin(), frame.rows.begin() + static_cast<std::ptrdiff_t>(hidden));
  frame.cursor_row -= hidden;
  if (frame.rows.size() > height) frame.rows.resize(height);
  for (std::size_t i = 0; i < below; ++i) frame.rows.push_back(drawing.below[i]);
  return frame;
}

std::vector<Row> ListRows(std::span<const std::string> words, std::size_t chosen,
                          std::size_t columns, std::size_t most) {
  constexpr std::size_t kGap = 2;
  if (most == 0) return {};
  std::size_t width = 0;
  for (const std::string& word : words) width = std::max(width, DisplayWidth(Visible(word)) + kGap);
  const std::size_t across = std::max<std::size_t>(1, columns / std::max<std::size_t>(width, 1));
  std::vector<Row> rows;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool full = i % across == 0 && rows.size() == most;
    if (full) {
      rows.back().cells.assign(std::min<std::size_t>(3, columns), Cell{"."});
      break;
    }
    if (i % across == 0) rows.emplace_back();
    std::vector<Cell>& row = rows.back().cells;
    while (WidthOf(row) < i % across * width) row.push_back(Cell{" "});
    RowWriter writer(std::max(columns, kFewestColumns));
    writer.BeginRow();
    writer.PutText(Visible(words[i]));
    for (Cell& cell : writer.frame().rows.front().cells) {
      if (i == chosen) cell.ink = Ink::kChosen;
      row.push_back(std::move(cell));
    }
  }
  return rows;
}

}  // namespace tql::shell

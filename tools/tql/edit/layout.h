// The positions of an edited text's characters on a terminal of a given size.
#ifndef TQLKIT_TOOLS_TQL_EDIT_LAYOUT_H_
#define TQLKIT_TOOLS_TQL_EDIT_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tql::shell {

/// The syntactic role of a character, which determines its colour.
enum class Ink : std::uint8_t {
  kPlain,
  kKeyword,
  kString,
  kNumber,
  kName,
  kComment,
  kCommand,
  kError,
  kChosen,
};

/// A character on the terminal, including its combining marks. A double-width character is one
/// cell.
struct Cell {
  std::string text;
  std::uint8_t width = 1;
  Ink ink = Ink::kPlain;

  bool operator==(const Cell&) const = default;
};

struct Row {
  std::vector<Cell> cells;
  bool wraps = false;  ///< The row is full, and its line continues in the next row.

  bool operator==(const Row&) const = default;
};

/// Returns the width in columns.
std::size_t WidthOf(std::span<const Cell> cells);

struct Size {
  std::size_t rows = 24;
  std::size_t columns = 80;

  bool operator==(const Size&) const = default;
};

/// The visible rows and the cursor. A frame fits the terminal.
struct Frame {
  std::vector<Row> rows;
  std::size_t cursor_row = 0;
  std::size_t cursor_column = 0;
};

/// A range of bytes with an ink.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  Ink ink = Ink::kPlain;

  bool operator==(const Span&) const = default;
};

/// The input of Layout.
struct Drawing {
  std::string_view prompt;        ///< Before the first line.
  std::string_view continuation;  ///< Before each other line.
  std::string_view text;
  std::size_t cursor = 0;       ///< Offset in the text.
  std::span<const Span> spans;  ///< In order; text between them is plain.
  std::span<const Row> below;   ///< Displayed below the text; fewer rows than the terminal has.
};

/// Computes the frames of a text while it is edited. If the text is higher than the terminal, the
/// frame has the part around the cursor and scrolls as little as possible. Thread safety: one
/// thread.
class Layout {
 public:
  Frame Make(const Drawing& drawing, Size size);
  /// Scrolls to the top, for another text.
  void Reset() { top_ = 0; }

 private:
  std::size_t top_ = 0;  // the first visible line of the text
};

/// Arranges words in columns, in at most `most` rows, with "..." for words that do not fit.
/// `chosen` is the index of the highlighted word; words.size() for none.
std::vector<Row> ListRows(std::span<const std::string> words, std::size_t chosen,
                          std::size_t columns, std::size_t most);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_LAYOUT_H_

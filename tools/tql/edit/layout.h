// Where each character of a text under edition stands on a terminal of some size.
#ifndef TQLKIT_TOOLS_TQL_EDIT_LAYOUT_H_
#define TQLKIT_TOOLS_TQL_EDIT_LAYOUT_H_

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tql::shell {

/// What a character is shown as, where there are colours.
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

/// A character on the terminal: a base with its marks. A character of two columns is one cell.
struct Cell {
  std::string text;
  std::uint8_t width = 1;
  Ink ink = Ink::kPlain;

  bool operator==(const Cell&) const = default;
};

struct Row {
  std::vector<Cell> cells;
  bool wraps = false;  ///< Full, and its line goes on in the next row.

  bool operator==(const Row&) const = default;
};

/// In columns.
std::size_t WidthOf(std::span<const Cell> cells);

struct Size {
  std::size_t rows = 24;
  std::size_t columns = 80;

  bool operator==(const Size&) const = default;
};

/// What is to be seen: at most as many rows as the terminal has, none wider than it.
struct Frame {
  std::vector<Row> rows;
  std::size_t cursor_row = 0;
  std::size_t cursor_column = 0;
};

/// Bytes of a text in an ink.
struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;
  Ink ink = Ink::kPlain;

  bool operator==(const Span&) const = default;
};

struct Drawing {
  std::string_view prompt;        ///< Before the first line.
  std::string_view continuation;  ///< Before each other.
  std::string_view text;
  std::size_t cursor = 0;       ///< In the text.
  std::span<const Span> spans;  ///< In order; what lies between them is plain.
  std::span<const Row> below;   ///< Shows beneath the text; fewer rows than the terminal has.
};

/// Makes frames of one text as it changes: of one that is higher than the terminal the part around
/// the cursor, which moves no further than it must. Thread safety: none.
class Layout {
 public:
  Frame Make(const Drawing& drawing, Size size);
  /// The next text begins at its top.
  void Reset() { top_ = 0; }

 private:
  std::size_t top_ = 0;  // the first line of the text that shows
};

/// The words in columns, in at most `most` rows; "..." stands for those that do not fit. `chosen`:
/// the place of the one that is marked; words.size() for none.
std::vector<Row> ListRows(std::span<const std::string> words, std::size_t chosen,
                          std::size_t columns, std::size_t most);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_LAYOUT_H_

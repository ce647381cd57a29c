// Paints frames on a terminal: writes what differs from what shows already.
#ifndef TQLKIT_TOOLS_TQL_EDIT_SCREEN_H_
#define TQLKIT_TOOLS_TQL_EDIT_SCREEN_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tools/tql/edit/layout.h"

namespace tql::shell {

/// Each call returns the bytes for the terminal, which are text and a few sequences that every
/// terminal of today knows (CR, LF as a line end, CSI A B C H J K m); whoever calls writes them,
/// all at once. Rows below the first come to be by line ends, so the terminal scrolls as it needs.
/// Thread safety: none.
class Screen {
 public:
  /// Makes the terminal show the frame, its first row where the first frame began.
  std::string Paint(const Frame& frame, bool colors);
  /// Goes to the row below the frame. The next frame begins there.
  std::string Leave();
  /// Empties the terminal; the next frame begins at its top.
  std::string Clear();
  /// Something else may have changed the terminal: the next frame begins where the cursor is.
  void Forget();
  /// The terminal has this width; to be told before the first frame, too. When it changes, the
  /// terminal has wrapped the rows anew, as most do; takes the frame away, so that the next one
  /// begins in its place.
  std::string Resize(std::size_t columns);

 private:
  void MoveTo(std::size_t row, std::size_t column, bool is_new, std::string* out);
  void PaintRow(std::size_t place, const Row& row, bool colors, std::string* out);

  std::vector<Row> shown_;
  std::size_t row_ = 0;  // where the cursor stands
  std::size_t column_ = 0;
  std::size_t columns_ = 0;  // of the terminal
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_SCREEN_H_

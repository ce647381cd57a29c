// Draws frames on a terminal, writing only the differences from the previous frame.
#ifndef TQLKIT_TOOLS_TQL_EDIT_SCREEN_H_
#define TQLKIT_TOOLS_TQL_EDIT_SCREEN_H_

#include <cstddef>
#include <string>
#include <vector>

#include "tools/tql/edit/layout.h"

namespace tql::shell {

/// Each call returns bytes that the caller must write to the terminal at once. They consist of text
/// and a few sequences that every current terminal supports (CR, LF as a line end, CSI A B C H J K
/// m). New rows are created with line ends, so the terminal scrolls if necessary. Thread safety:
/// one thread.
class Screen {
 public:
  /// Draws the frame. Its first row is where the first frame began.
  std::string Paint(const Frame& frame, bool colors);
  /// Moves the cursor to the row below the frame, where the next frame begins.
  std::string Leave();
  /// Clears the terminal. The next frame begins at its top.
  std::string Clear();
  /// To be called if something else may have written to the terminal. The next frame begins at the
  /// cursor.
  void Forget();
  /// Sets the width of the terminal; must be called before the first frame as well. When the width
  /// changes, most terminals rewrap their rows; erases the frame, so that the next one begins in
  /// its place.
  std::string Resize(std::size_t columns);

 private:
  void MoveTo(std::size_t row, std::size_t column, bool is_new, std::string* out);
  void PaintRow(std::size_t place, const Row& row, bool colors, std::string* out);

  std::vector<Row> shown_;
  std::size_t row_ = 0;  // the position of the cursor
  std::size_t column_ = 0;
  std::size_t columns_ = 0;  // of the terminal
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_EDIT_SCREEN_H_

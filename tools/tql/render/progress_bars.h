// Progress bars for long statements.
#ifndef TQLKIT_TOOLS_TQL_RENDER_PROGRESS_BARS_H_
#define TQLKIT_TOOLS_TQL_RENDER_PROGRESS_BARS_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "tql/result_stream.h"

namespace tql::shell {

/// Returns the longest prefix of at most `width` columns that does not split a character.
std::string_view FirstColumns(std::string_view text, std::size_t width);

/// Computes the text of the bars and when to draw it: one line per progress id, not in the first
/// 300 ms of a statement, and at most 10 times per second. Does not write to the terminal itself.
///
/// Thread safety: one thread.
class ProgressBars {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// The size of the terminal. Bars fit it if it has at least 20 columns.
  struct Size {
    std::size_t columns = 80;
    std::size_t rows = 24;
  };

  /// Starts a statement and removes all bars.
  void Begin(Time now);
  /// Adds or updates a bar. A negative percentage means that the total is unknown; then only the
  /// label and the details are displayed.
  void Update(const Progress& progress);
  /// The time from which Draw() has something to draw; nullopt if everything is drawn.
  std::optional<Time> due() const;
  /// Returns the text that draws all bars over the earlier ones; empty before due().
  std::string Draw(Time now, Size size);
  /// Returns the text that erases the bars; empty if none are drawn. The next Update makes them
  /// due.
  std::string Erase();

  /// Returns one bar with the given width.
  static std::string Line(const Progress& progress, std::size_t columns);

 private:
  std::vector<Progress> bars_;  // in the order of their first update
  Time next_{};                 // the earliest time of the next drawing
  bool changed_ = false;
  std::size_t drawn_ = 0;  // number of lines drawn on the terminal
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_PROGRESS_BARS_H_

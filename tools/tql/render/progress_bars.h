// Bars for what a statement reports of its progress.
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

/// The text up to `width` columns of a terminal, without half a character.
std::string_view FirstColumns(std::string_view text, std::size_t width);

/// What to write to a terminal, and when: a line for each progress id, nothing in the first 300 ms
/// of a statement, and at most 10 times a second. Writes nothing itself.
///
/// Thread safety: none.
class ProgressBars {
 public:
  using Time = std::chrono::steady_clock::time_point;
  /// A terminal's measures. Bars fit into them, if they have at least 20 columns.
  struct Size {
    std::size_t columns = 80;
    std::size_t rows = 24;
  };

  /// A statement begins, without bars.
  void Begin(Time now);
  /// A negative percentage: how much there is to do is not known; label and details alone show.
  void Update(const Progress& progress);
  /// From when on Draw() has something to draw; unset when all is drawn.
  std::optional<Time> due() const;
  /// All bars, in the place of those that were drawn before; empty before they are due.
  std::string Draw(Time now, Size size);
  /// Wipes what was drawn; empty when nothing is. The next Update makes it due again.
  std::string Erase();

  /// One bar in so many columns.
  static std::string Line(const Progress& progress, std::size_t columns);

 private:
  std::vector<Progress> bars_;  // in the order in which their ids came
  Time next_{};                 // not drawn before
  bool changed_ = false;
  std::size_t drawn_ = 0;  // lines on the terminal
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_RENDER_PROGRESS_BARS_H_

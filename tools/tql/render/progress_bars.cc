#include "tools/tql/render/progress_bars.h"

#include <algorithm>

#include "tools/tql/render/characters.h"

namespace tql::shell {
namespace {

constexpr std::chrono::milliseconds kQuiet{300};
constexpr std::chrono::milliseconds kPause{100};

/// Moves to the first of `lines` lines and clears the rest of the terminal.
std::string WipeLines(std::size_t lines) {
  if (lines == 0) return {};
  std::string text = "\r";
  if (lines > 1) text += "\x1b[" + std::to_string(lines - 1) + "A";
  return text + "\x1b[J";
}

}  // namespace

std::string_view FirstColumns(std::string_view text, std::size_t width) {
  std::size_t taken = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = CharacterEnd(text, at);
    taken += CharacterWidth(text.substr(at, end - at));
    if (taken > width) return text.substr(0, at);
    at = end;
  }
  return text;
}

void ProgressBars::Begin(Time now) {
  bars_.clear();
  changed_ = false;
  drawn_ = 0;
  next_ = now + kQuiet;
}

void ProgressBars::Update(const Progress& progress) {
  const auto known = std::ranges::find(bars_, progress.id, &Progress::id);
  changed_ = true;
  if (known == bars_.end()) {
    bars_.push_back(progress);
  } else {
    *known = progress;
  }
}

std::optional<ProgressBars::Time> ProgressBars::due() const {
  return changed_ ? std::optional(next_) : std::nullopt;
}

std::string ProgressBars::Line(const Progress& progress, std::size_t columns) {
  constexpr std::size_t kLongestBar = 30;
  constexpr std::size_t kShortestBar = 5;
  const bool known = progress.percentage >= 0;
  const auto percentage = static_cast<std::size_t>(std::clamp(progress.percentage, 0, 100));
  std::string number = known ? std::to_string(percentage) + "%" : "";
  number.insert(0, known ? 5 - number.size() : 0, ' ');
  const std::string label = Visible(progress.label);
  // In order of priority: the number, the label, a bar, the details.
  std::string line(FirstColumns(label, columns - std::min(columns, number.size())));
  std::size_t room = columns - std::min(columns, DisplayWidth(line) + number.size());
  if (known && room >= kShortestBar + 3) {
    const std::size_t width = std::min(kLongestBar, room - 3);
    const std::size_t done = width * percentage / 100;
    line += " [" + std::string(done, '#') + std::string(width - done, '.') + "]";
    room -= width + 3;
  }
  line += number;
  if (!progress.details.empty() && room > 1) {
    line += " ";
    line += FirstColumns(Visible(progress.details), room - 1);
  }
  return line;
}

std::string ProgressBars::Draw(Time now, Size size) {
  if (!changed_ || now < next_) return {};
  std::string text = WipeLines(drawn_);
  // A full terminal scrolls, and scrolled lines cannot be updated, so draw only the newest bars.
  const std::size_t most = std::max<std::size_t>(size.rows, 2) - 1;
  const std::size_t first = bars_.size() - std::min(bars_.size(), most);
  for (std::size_t i = first; i < bars_.size(); ++i) {
    if (i > first) text += "\n";
    text += Line(bars_[i], std::max<std::size_t>(size.columns, 2) - 1);
  }
  drawn_ = bars_.size() - first;
  changed_ = false;
  next_ = now + kPause;
  return text;
}

std::string ProgressBars::Erase() {
  std::string text = WipeLines(drawn_);
  drawn_ = 0;
  return text;
}

}  // namespace tql::shell

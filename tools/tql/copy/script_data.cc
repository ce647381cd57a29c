#include "tools/tql/copy/script_data.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace tql::shell {
namespace {

constexpr std::size_t kBlock = std::size_t{64} << 10;

constexpr std::size_t kLongestEnd = 3;  // with a carriage return

/// Whether the line, without its newline, ends the data.
bool IsEnd(std::string_view line) { return line == "\\." || line == "\\.\r"; }

}  // namespace

void ScriptData::FindLines(bool last) {
  while (!ended_) {
    const std::size_t newline = buffer_.find('\n', ready_);
    if (newline == buffer_.npos && !last) {
      // The start of a long line can be returned before the line is complete.
      if (buffer_.size() - ready_ <= kLongestEnd && !within_line_) return;
      within_line_ = true;
      ready_ = buffer_.size();
      return;
    }
    const std::size_t end = std::min(newline, buffer_.size());
    const bool is_end =
        !within_line_ && IsEnd(std::string_view(buffer_).substr(ready_, end - ready_));
    within_line_ = false;
    end_ = std::min(end + 1, buffer_.size());
    if (newline != buffer_.npos) ++lines_;
    if (!is_end) ready_ = end_;
    ended_ = is_end || newline == buffer_.npos;
  }
}

Status ScriptData::Claim() {
  if (!take_rest_) return {};
  buffer_ = std::exchange(take_rest_, {})();
  FindLines(false);
  return source_.emplace().Open(fd_);
}

Status ScriptData::Fill(const std::stop_token& stop) {
  if (Status status = Claim(); !status.ok()) return status;
  while (!ended_ && at_ == ready_) {
    buffer_.erase(0, at_);
    at_ = ready_ = 0;
    const std::size_t held = buffer_.size();
    buffer_.resize(held + kBlock);
    const StatusOr<std::size_t> count =
        source_->Read(buffer_.data() + held, buffer_.size() - held, stop);
    buffer_.resize(held + (count.ok() ? *count : 0));
    if (!count.ok()) return count.status();
    FindLines(*count == 0);
  }
  return {};
}

StatusOr<std::size_t> ScriptData::Read(char* into, std::size_t size, const std::stop_token& stop) {
  if (Status status = Fill(stop); !status.ok()) return status;
  const std::size_t count = std::min(size, ready_ - at_);
  std::memcpy(into, buffer_.data() + at_, count);
  at_ += count;
  return count;
}

std::string ScriptData::Rest() {
  if (take_rest_) return {};
  do {
    at_ = ready_;
  } while (Fill({}).ok() && at_ < ready_);
  return ended_ ? std::string(lines_, '\n') + buffer_.substr(end_) : std::string();
}

}  // namespace tql::shell

#include "tools/tql/render/progress_display.h"

#include "tools/tql/render/colors.h"

namespace tql::shell {

using Clock = std::chrono::steady_clock;

ProgressDisplay::~ProgressDisplay() {
  {
    const base::MutexLock lock(mutex_);
    ending_ = true;
  }
  changed_.notify_one();
  if (thread_.joinable()) thread_.join();
}

void ProgressDisplay::Begin() {
  const base::MutexLock lock(mutex_);
  bars_.Begin(Clock::now());
  showing_ = false;
}

void ProgressDisplay::Show(const Progress& progress) {
  if (!out_.terminal() || !TakesEscapes()) return;
  {
    const base::MutexLock lock(mutex_);
    bars_.Update(progress);
    showing_ = true;
  }
  if (!thread_.joinable()) thread_ = std::thread([this] { Run(); });
  changed_.notify_one();
}

void ProgressDisplay::Erase() {
  const base::MutexLock lock(mutex_);
  showing_ = false;
  const std::string text = bars_.Erase();
  if (text.empty()) return;
  out_.Write(text);
  out_.Flush();
}

void ProgressDisplay::Run() {
  base::MutexLock lock(mutex_);
  while (!ending_) {
    const auto due = showing_ ? bars_.due() : std::nullopt;
    if (!due) {
      changed_.wait(lock);
    } else if (const auto now = Clock::now(); now < *due) {
      changed_.wait_until(lock, *due);
    } else {
      const std::size_t columns = out_.columns();
      const std::size_t rows = out_.rows();
      ProgressBars::Size size;
      if (columns > 0) size = {columns, rows};
      out_.Write(bars_.Draw(now, size));
      out_.Flush();
    }
  }
}

}  // namespace tql::shell

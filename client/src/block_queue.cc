#include "client/src/block_queue.h"

namespace tql {
namespace {

// The queue holds at most 1 MiB, enough to keep the reader busy while the network delivers more.
constexpr std::size_t kBlockBytes = std::size_t{256} << 10;
constexpr std::size_t kMostBlocks = 4;

}  // namespace

bool BlockQueue::Push(std::string_view bytes, Deadline deadline) {
  base::MutexLock lock(mutex_);
  const auto has_room = [&]() TQL_REQUIRES(mutex_) {
    return closed_ || blocks_.size() < kMostBlocks ||
           blocks_.back().size() + bytes.size() <= kBlockBytes;
  };
  while (!has_room()) {
    if (deadline == Deadline::max()) {
      changed_.wait(lock);
    } else if (changed_.wait_until(lock, deadline) == std::cv_status::timeout && !has_room()) {
      return false;
    }
  }
  if (closed_) return false;
  // Small pieces are collected in one block, so that the reader wakes up less often.
  if (blocks_.empty() || blocks_.back().size() + bytes.size() > kBlockBytes) {
    blocks_.emplace_back();
  }
  blocks_.back().append(bytes);
  changed_.notify_all();
  return true;
}

void BlockQueue::Finish(Status status) {
  const base::MutexLock lock(mutex_);
  finished_ = true;
  status_ = std::move(status);
  changed_.notify_all();
}

void BlockQueue::Close() {
  const base::MutexLock lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

StatusOr<std::optional<std::string>> BlockQueue::Pop() {
  base::MutexLock lock(mutex_);
  changed_.wait(lock, [&]() TQL_REQUIRES(mutex_) { return !blocks_.empty() || finished_; });
  if (blocks_.empty()) {
    if (!status_.ok()) return status_;
    return std::optional<std::string>();
  }
  std::optional<std::string> block(std::move(blocks_.front()));
  blocks_.pop_front();
  changed_.notify_all();
  return block;
}

}  // namespace tql

#include "mockserver/load/parsed_rows.h"

#include <exception>
#include <utility>

namespace tql::load {
namespace {

/// One batch is stored while another is read and a third is ready.
constexpr int kBatches = 3;

}  // namespace

ParsedRows::ParsedRows(std::unique_ptr<RowReader> reader, OnStored on_stored)
    : reader_(std::move(reader)), on_stored_(std::move(on_stored)) {
  for (int i = 0; i < kBatches; ++i) free_.push_back(std::make_unique<RowBatch>());
  thread_ = std::thread([this] { ReadAll(); });
}

ParsedRows::~ParsedRows() {
  {
    const base::MutexLock lock(mutex_);
    stopped_ = true;
  }
  changed_.notify_all();
  thread_.join();
}

void ParsedRows::ReadAll() {
  std::unique_ptr<RowBatch> batch;
  for (;;) {
    {
      base::MutexLock lock(mutex_);
      if (batch) ready_.push_back(std::move(batch));
      changed_.notify_all();
      changed_.wait(lock, [&]() TQL_REQUIRES(mutex_) { return stopped_ || !free_.empty(); });
      if (stopped_) return;
      batch = std::move(free_.front());
      free_.pop_front();
    }
    StatusOr<bool> more = false;
    try {
      more = reader_->Next(batch.get());
    } catch (const std::exception& thrown) {  // no memory
      more = InternalError(thrown.what());
    }
    if (more.ok() && *more) continue;
    const base::MutexLock lock(mutex_);
    error_ = more.status();
    ended_ = true;
    changed_.notify_all();
    return;
  }
}

StatusOr<bool> ParsedRows::Next(plan::LiteralRows* rows) {
  if (current_) {
    std::swap(current_->rows, *rows);
    on_stored_(*current_);
  }
  base::MutexLock lock(mutex_);
  if (current_) free_.push_back(std::move(current_));
  changed_.notify_all();
  changed_.wait(lock, [&]() TQL_REQUIRES(mutex_) { return ended_ || !ready_.empty(); });
  if (ready_.empty()) {
    if (!error_.ok()) return error_;
    return false;
  }
  current_ = std::move(ready_.front());
  ready_.pop_front();
  std::swap(current_->rows, *rows);
  return true;
}

}  // namespace tql::load

#include "mockserver/engine/table_activity.h"

namespace tql::engine {

TableActivity::TableActivity(const TableActivity& other, const Clock& clock)
    : clock_(clock), start_(other.start_) {
  const base::MutexLock lock(other.mutex_);
  tables_ = other.tables_;
}

void TableActivity::Changed(const std::map<plan::Id, std::int64_t>& changes) {
  const Time now = clock_.WallTime();
  const base::MutexLock lock(mutex_);
  for (const auto& [id, count] : changes) {
    Table& table = tables_.Mutable(id);
    table.data_versions += count;
    table.changed = table.served = now;
  }
}

void TableActivity::Fold(plan::Id table) {
  const Time now = clock_.WallTime();
  const base::MutexLock lock(mutex_);
  const Table* const found = tables_.Find(table);
  if (found == nullptr || found->data_versions <= 1) return;
  Table& folded = tables_.Mutable(table);
  folded.data_versions = 1;
  folded.served = now;
}

void TableActivity::Forget(plan::Id table) {
  const base::MutexLock lock(mutex_);
  tables_.Erase(table);
}

TableActivity::Table TableActivity::Of(plan::Id table) const {
  const base::MutexLock lock(mutex_);
  if (const Table* const found = tables_.Find(table)) return *found;
  return {.data_versions = 0, .changed = start_, .served = start_};
}

}  // namespace tql::engine

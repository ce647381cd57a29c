#include "mockserver/engine/table_activity.h"

namespace tql::engine {

void TableActivity::Changed(const std::map<plan::Id, std::int64_t>& changes) {
  const Time now = clock_.WallTime();
  const std::lock_guard lock(mutex_);
  for (const auto& [id, count] : changes) {
    Table& table = tables_[id];
    table.data_versions += count;
    table.changed = table.served = now;
  }
}

void TableActivity::Fold(plan::Id table) {
  const Time now = clock_.WallTime();
  const std::lock_guard lock(mutex_);
  const auto found = tables_.find(table);
  if (found == tables_.end() || found->second.data_versions <= 1) return;
  found->second.data_versions = 1;
  found->second.served = now;
}

void TableActivity::Forget(plan::Id table) {
  const std::lock_guard lock(mutex_);
  tables_.erase(table);
}

TableActivity::Table TableActivity::Of(plan::Id table) const {
  const std::lock_guard lock(mutex_);
  const auto found = tables_.find(table);
  if (found != tables_.end()) return found->second;
  return {.data_versions = 0, .changed = start_, .served = start_};
}

}  // namespace tql::engine

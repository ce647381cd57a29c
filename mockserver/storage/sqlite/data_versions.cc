#include "mockserver/storage/sqlite/data_versions.h"

namespace tql::storage::sqlite {

DataVersions::Change::Change(DataVersions& versions, const Tables& tables)
    : versions_(versions), tables_(tables) {
  const base::MutexLock lock(versions_.mutex_);
  for (const plan::Id table : tables_) ++versions_.tables_[table].changing;
}

DataVersions::Change::~Change() {
  const base::MutexLock lock(versions_.mutex_);
  for (const plan::Id table : tables_) {
    Table& changed = versions_.tables_[table];
    --changed.changing;
    ++changed.version;
  }
}

std::optional<std::uint64_t> DataVersions::Of(std::span<const plan::Id> tables) const {
  std::uint64_t sum = 0;
  const base::MutexLock lock(mutex_);
  for (const plan::Id id : tables) {
    const auto table = tables_.find(id);
    if (table == tables_.end()) continue;
    if (table->second.changing > 0) return std::nullopt;
    sum += table->second.version;
  }
  return sum;
}

}  // namespace tql::storage::sqlite

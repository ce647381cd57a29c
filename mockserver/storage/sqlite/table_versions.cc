#include "mockserver/storage/sqlite/table_versions.h"

#include <algorithm>

namespace tql::storage::sqlite {

std::vector<TableVersion> TableVersions::Announce(const std::vector<TableVersion>& altered) {
  std::vector<TableVersion> before;
  const base::MutexLock guard(mutex_);
  for (const auto& [table, version] : altered) {
    const auto [entry, added] = versions_.try_emplace(table, kUnknown);
    before.push_back({table, entry->second});
    entry->second = version;
  }
  return before;
}

void TableVersions::Withdraw(const std::vector<TableVersion>& before) {
  const base::MutexLock guard(mutex_);
  // The last entry of a table that was altered twice is the newer one.
  for (auto entry = before.rbegin(); entry != before.rend(); ++entry) {
    if (entry->version == kUnknown) {
      versions_.erase(entry->table);
    } else {
      versions_[entry->table] = entry->version;
    }
  }
}

bool TableVersions::AreCurrent(const std::vector<TableVersion>& bound) const {
  const base::MutexLock guard(mutex_);
  return std::all_of(bound.begin(), bound.end(),
                     [this](const TableVersion& table) TQL_REQUIRES(mutex_) {
                       const auto known = versions_.find(table.table);
                       return known == versions_.end() || known->second == table.version;
                     });
}

}  // namespace tql::storage::sqlite

// The version of the columns of each table, so that a plan bound before an ALTER does not run after
// it.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_VERSIONS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_VERSIONS_H_

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "mockserver/plan/schema.h"
#include "proto/base/mutex.h"

namespace tql::storage::sqlite {

/// A table and its live_schema_version, current or as a plan was bound to it.
struct TableVersion {
  plan::Id table = 0;
  std::int64_t version = 0;
};

/// A writer announces before its COMMIT, and a reader checks after its snapshot has begun. So a
/// reader that sees new rows also sees the new version; one that still sees the old rows may at
/// worst be bound again without need. Contains only tables that were altered since the start.
/// Thread safety: every method may be called from any thread.
class TableVersions {
 public:
  /// Returns the versions before, for Withdraw.
  std::vector<TableVersion> Announce(const std::vector<TableVersion>& altered);
  /// Reverts an announcement whose COMMIT failed.
  void Withdraw(const std::vector<TableVersion>& before);
  bool AreCurrent(const std::vector<TableVersion>& bound) const;

 private:
  static constexpr std::int64_t kUnknown = -1;

  mutable base::Mutex mutex_;
  std::unordered_map<plan::Id, std::int64_t> versions_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_VERSIONS_H_

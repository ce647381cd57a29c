// Which version of its columns each table has, so that a plan bound before an ALTER is not run
// after it.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_VERSIONS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_VERSIONS_H_

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "mockserver/plan/schema.h"
#include "proto/base/mutex.h"

namespace tql::storage::sqlite {

/// A table and the live_schema_version that a plan was bound to, or that it has.
struct TableVersion {
  plan::Id table = 0;
  std::int64_t version = 0;
};

/// A writer announces before its COMMIT, a reader looks after its snapshot has begun: so a reader
/// that sees new rows also sees the new version, and one that still sees the old rows at worst
/// binds anew without need. Tables that were not altered since the start are not kept. Thread
/// safety: every method may be called from any thread.
class TableVersions {
 public:
  /// Answers what was there before, for Withdraw.
  std::vector<TableVersion> Announce(const std::vector<TableVersion>& altered);
  /// Takes an announcement back whose COMMIT failed.
  void Withdraw(const std::vector<TableVersion>& before);
  bool AreCurrent(const std::vector<TableVersion>& bound) const;

 private:
  static constexpr std::int64_t kUnknown = -1;

  mutable base::Mutex mutex_;
  std::unordered_map<plan::Id, std::int64_t> versions_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_TABLE_VERSIONS_H_

// How often the rows of each table have changed, so that results of queries can be kept.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_DATA_VERSIONS_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_DATA_VERSIONS_H_

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>

#include "mockserver/plan/schema.h"
#include "proto/base/mutex.h"

namespace tql::storage::sqlite {

/// Counts since the start; tables that never changed take no memory. Thread safety: every method
/// may be called from any thread.
class DataVersions {
 public:
  using Tables = std::set<plan::Id>;

  /// A COMMIT that may change the rows of these tables. It begins before readers can see the new
  /// rows and ends before the client learns that they are stored, whether the COMMIT succeeds or
  /// not. Both arguments must outlive it.
  class Change {
   public:
    Change(DataVersions& versions, const Tables& tables);
    ~Change();
    Change(const Change&) = delete;
    Change& operator=(const Change&) = delete;

   private:
    DataVersions& versions_;
    const Tables& tables_;
  };

  /// As Storage::DataVersion. The versions never decrease, so their sum is equal only if each of
  /// them is.
  std::optional<std::uint64_t> Of(std::span<const plan::Id> tables) const;

 private:
  struct Table {
    std::uint64_t version = 0;
    int changing = 0;  // changes that have not ended
  };
  mutable base::Mutex mutex_;
  std::unordered_map<plan::Id, Table> tables_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_DATA_VERSIONS_H_

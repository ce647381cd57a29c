// When the rows of tables changed, and how many data versions the changes made.
#ifndef TQLKIT_MOCKSERVER_ENGINE_TABLE_ACTIVITY_H_
#define TQLKIT_MOCKSERVER_ENGINE_TABLE_ACTIVITY_H_

#include <chrono>
#include <cstdint>
#include <map>

#include "mockserver/engine/environment.h"
#include "mockserver/engine/persistent_map.h"
#include "mockserver/plan/schema.h"
#include "proto/base/mutex.h"

namespace tql::engine {

/// Every change of a table's rows makes a data version; COMPACT merges them into one. Kept in
/// memory only, so that an INSERT needs no additional write; a restart of the server merges all
/// versions. Thread-safe.
class TableActivity {
 public:
  using Time = std::chrono::system_clock::time_point;
  struct Table {
    std::int64_t data_versions = 0;  // Since the start of the server or the last COMPACT.
    Time changed;                    // The last change of rows.
    Time served;                     // Since when the current data is served.
  };

  explicit TableActivity(const Clock& clock) : clock_(clock), start_(clock.WallTime()) {}
  /// What is known to `other` now.
  TableActivity(const TableActivity& other, const Clock& clock);

  /// Records a committed transaction that created these tables or changed their rows so many times.
  void Changed(const std::map<plan::Id, std::int64_t>& changes);
  void Changed(plan::Id table) { Changed({{table, 1}}); }
  /// Records a COMPACT: the data versions become one.
  void Fold(plan::Id table);
  /// Records that the table was dropped.
  void Forget(plan::Id table);
  /// A table that has not changed since the start of the server has the time of the start.
  Table Of(plan::Id table) const;

 private:
  const Clock& clock_;
  const Time start_;
  mutable base::Mutex mutex_;
  PersistentMap<plan::Id, Table> tables_ TQL_GUARDED_BY(mutex_);
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_TABLE_ACTIVITY_H_

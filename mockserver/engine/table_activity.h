// When the rows of tables changed, and how many data versions that made (reference §4).
#ifndef TQLKIT_MOCKSERVER_ENGINE_TABLE_ACTIVITY_H_
#define TQLKIT_MOCKSERVER_ENGINE_TABLE_ACTIVITY_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <unordered_map>

#include "mockserver/engine/environment.h"
#include "mockserver/plan/schema.h"

namespace tql::engine {

/// Every change of a table's rows makes a data version; COMPACT folds them into one. Kept in
/// memory, so that an INSERT costs no second write: a start of the server folds everything. Thread
/// safety: every method may be called from any thread.
class TableActivity {
 public:
  using Time = std::chrono::system_clock::time_point;
  struct Table {
    std::int64_t data_versions = 0;  // since the start or the last COMPACT
    Time changed;                    // the rows, last
    Time served;                     // since then the data is served as it is
  };

  explicit TableActivity(const Clock& clock) : clock_(clock), start_(clock.WallTime()) {}

  /// A transaction was stored that made these tables, or changed their rows, so many times.
  void Changed(const std::map<plan::Id, std::int64_t>& changes);
  void Changed(plan::Id table) { Changed({{table, 1}}); }
  /// COMPACT: one data version instead of several.
  void Fold(plan::Id table);
  /// The table is gone.
  void Forget(plan::Id table);
  /// Of a table that did not change since the start of the server: the start.
  Table Of(plan::Id table) const;

 private:
  const Clock& clock_;
  const Time start_;
  mutable std::mutex mutex_;
  std::unordered_map<plan::Id, Table> tables_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_TABLE_ACTIVITY_H_

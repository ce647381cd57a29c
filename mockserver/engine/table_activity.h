// When rows of tables changed, as long as the server runs.
#ifndef TQLKIT_MOCKSERVER_ENGINE_TABLE_ACTIVITY_H_
#define TQLKIT_MOCKSERVER_ENGINE_TABLE_ACTIVITY_H_

#include <chrono>
#include <mutex>
#include <unordered_map>

#include "mockserver/engine/environment.h"
#include "mockserver/plan/schema.h"

namespace tql::engine {

/// Thread safety: every method may be called from any thread.
class TableActivity {
 public:
  explicit TableActivity(const Clock& clock) : clock_(clock), start_(clock.WallTime()) {}

  /// The rows of the table have just changed.
  void Changed(plan::Id table) {
    const auto now = clock_.WallTime();
    const std::lock_guard lock(mutex_);
    last_[table] = now;
  }
  void Forget(plan::Id table) {
    const std::lock_guard lock(mutex_);
    last_.erase(table);
  }
  /// The last change; the start of the server when there was none since.
  std::chrono::system_clock::time_point LastChange(plan::Id table) const {
    const std::lock_guard lock(mutex_);
    const auto it = last_.find(table);
    return it == last_.end() ? start_ : it->second;
  }

 private:
  const Clock& clock_;
  const std::chrono::system_clock::time_point start_;
  mutable std::mutex mutex_;
  std::unordered_map<plan::Id, std::chrono::system_clock::time_point> last_;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_TABLE_ACTIVITY_H_

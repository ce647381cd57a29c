// Reads the parts of a table side by side and merges their groups.
#ifndef TQLKIT_MOCKSERVER_ENGINE_GROUPED_PARTS_H_
#define TQLKIT_MOCKSERVER_ENGINE_GROUPED_PARTS_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <stop_token>

#include "mockserver/engine/group_table.h"
#include "mockserver/engine/scan_threads.h"
#include "mockserver/storage/cancellation.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

/// The memory that the groups of a SELECT may take, apart from those of parts that are not merged
/// yet: at most a quarter of it each, a few for each thread.
inline constexpr std::size_t kMostGroupBytes = std::size_t{16} << 20;

/// Used by the thread of the statement, which does its share of the work.
class GroupedParts {
 public:
  /// As OrderedRows(), of which this is the counterpart for aggregates.
  GroupedParts(ScanThreads& threads, const storage::Cancellation& cancellation);
  ~GroupedParts();
  GroupedParts(const GroupedParts&) = delete;
  GroupedParts& operator=(const GroupedParts&) = delete;

  /// The Cancellation for the parts.
  storage::Cancellation ForParts() const;
  /// Groups the rows of all parts; called once. Null if their result is not certain: because of an
  /// error, of values that are not of the expected kinds, or of too many groups. Returns the errors
  /// of the Cancellation.
  StatusOr<std::unique_ptr<GroupTable>> Group(const GroupSpec& spec,
                                              std::unique_ptr<storage::RowParts> parts);

 private:
  struct State;

  ScanThreads& threads_;
  const storage::Cancellation& cancellation_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> stopped_;
  std::shared_ptr<State> state_;  // also of the threads that help; null before Group()
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_GROUPED_PARTS_H_

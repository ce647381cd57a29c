#include "mockserver/engine/grouped_parts.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <map>
#include <new>
#include <utility>

#include "proto/base/mutex.h"
#include "proto/base/status_macros.h"

namespace tql::engine {
namespace {

/// How often the thread of the statement looks for a cancellation while others work.
constexpr std::chrono::milliseconds kPause{5};
/// Parts that were begun but not yet merged, for each reader.
constexpr std::size_t kPartsAhead = 4;
constexpr std::size_t kMostPartBytes = kMostGroupBytes / 4;

/// Returns false if the result is not certain.
bool ReadPart(storage::Cursor& cursor, PartOfGroups& part) {
  for (;;) {
    const StatusOr<bool> row = cursor.Next();
    if (!row.ok()) return false;
    if (!*row) return true;
    if (!part.Add(cursor.row()) || part.bytes() > kMostPartBytes) return false;
  }
}

}  // namespace

struct GroupedParts::State {
  using Parts = std::map<std::size_t, std::unique_ptr<PartOfGroups>>;

  State(const GroupSpec& spec, std::unique_ptr<storage::RowParts> its_source)
      : source(std::move(its_source)), whole(std::make_unique<GroupTable>(spec)) {}

  bool MayBegin() const TQL_REQUIRES(mutex) {
    return !closed && !failed && !all_begun && begun - merged < kPartsAhead * source->readers();
  }
  bool IsDone() const TQL_REQUIRES(mutex) { return failed || (all_begun && merged == begun); }

  /// Reads a part and merges the parts whose turn it is. False if no part can be begun now.
  bool DoPart() {
    Parts part;
    std::unique_ptr<storage::Cursor> cursor;
    {
      const base::MutexLock lock(mutex);
      if (!MayBegin()) return false;
      try {
        const auto added = part.emplace(begun, std::make_unique<PartOfGroups>(whole->spec())).first;
        cursor = source->Next();
        if (cursor) begun = added->first + 1;
      } catch (const std::bad_alloc&) {
        failed = true;
      }
      if (!cursor) {
        all_begun = true;
        changed.notify_all();
        return false;
      }
    }
    bool certain = false;
    try {
      certain = ReadPart(*cursor, *part.begin()->second);
    } catch (const std::bad_alloc&) {
      // The storage needs less memory.
    }
    cursor.reset();
    {
      const base::MutexLock lock(mutex);
      ready.merge(part);
      failed = failed || !certain;
    }
    Merge();
    changed.notify_all();
    return true;
  }
  /// Merges the parts that are ready, in their order. One thread does so at a time.
  void Merge() {
    base::MutexLock lock(mutex);
    while (!merging && !failed && !ready.empty() && ready.begin()->first == merged) {
      const Parts::node_type part = ready.extract(ready.begin());
      merging = true;
      lock.unlock();
      bool certain = false;
      try {
        certain = part.mapped()->MergeInto(*whole) && whole->bytes() <= kMostGroupBytes;
      } catch (const std::bad_alloc&) {
        // As above.
      }
      lock.lock();
      merging = false;
      ++merged;
      failed = failed || !certain;
    }
  }

  /// Runs on a thread of ScanThreads.
  void Help() {
    {
      const base::MutexLock lock(mutex);
      ++helping;
    }
    while (DoPart()) {
    }
    {
      const base::MutexLock lock(mutex);
      --helping;
      --called;
    }
    changed.notify_all();
  }
  /// Waits for the threads that help; those that have not begun will do nothing.
  void Close() {
    base::MutexLock lock(mutex);
    closed = true;
    while (helping > 0) changed.wait(lock);
    source.reset();
  }

  std::unique_ptr<storage::RowParts> source;

  base::Mutex mutex;
  std::condition_variable_any changed;
  std::unique_ptr<GroupTable> whole;  // used by the thread that has set `merging`
  Parts ready TQL_GUARDED_BY(mutex);  // by their numbers
  std::size_t begun TQL_GUARDED_BY(mutex) = 0;
  std::size_t merged TQL_GUARDED_BY(mutex) = 0;
  std::size_t called TQL_GUARDED_BY(mutex) = 0;   // threads that help or will
  std::size_t helping TQL_GUARDED_BY(mutex) = 0;  // those of them that have begun
  bool all_begun TQL_GUARDED_BY(mutex) = false;
  bool merging TQL_GUARDED_BY(mutex) = false;
  bool failed TQL_GUARDED_BY(mutex) = false;
  bool closed TQL_GUARDED_BY(mutex) = false;
};

GroupedParts::GroupedParts(ScanThreads& threads, const storage::Cancellation& cancellation)
    : threads_(threads),
      cancellation_(cancellation),
      stopped_(cancellation.stop, [this] { stop_.request_stop(); }) {}

GroupedParts::~GroupedParts() {
  stop_.request_stop();
  if (state_) state_->Close();
}

storage::Cancellation GroupedParts::ForParts() const {
  return {.stop = stop_.get_token(), .deadline = cancellation_.deadline, .client_gone = {}};
}

StatusOr<std::unique_ptr<GroupTable>> GroupedParts::Group(
    const GroupSpec& spec, std::unique_ptr<storage::RowParts> parts) {
  const std::size_t most = std::min(threads_.count(), parts->readers()) - 1;
  state_ = std::make_shared<State>(spec, std::move(parts));
  State& state = *state_;
  for (;;) {
    TQL_RETURN_IF_ERROR(cancellation_.Check());
    {
      const base::MutexLock lock(state.mutex);
      if (state.IsDone()) break;
      while (state.called < most && state.MayBegin()) {
        ++state.called;
        threads_.Run([shared = state_] { shared->Help(); });
      }
    }
    if (state.DoPart()) continue;
    base::MutexLock lock(state.mutex);
    if (!state.IsDone() && !state.MayBegin()) state.changed.wait_for(lock, kPause);
  }
  stop_.request_stop();
  state.Close();
  TQL_RETURN_IF_ERROR(cancellation_.Check());
  const base::MutexLock lock(state.mutex);
  return state.failed ? nullptr : std::move(state.whole);
}

}  // namespace tql::engine

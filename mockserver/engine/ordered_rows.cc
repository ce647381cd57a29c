#include "mockserver/engine/ordered_rows.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <list>
#include <new>
#include <utility>

#include "mockserver/engine/cell_formatter.h"
#include "proto/base/mutex.h"

namespace tql::engine {
namespace {

/// How often the thread of the statement looks for a cancellation while others work.
constexpr std::chrono::milliseconds kPause{5};
/// Parts that were begun but not yet written, for each reader. Parts without rows take no bytes.
constexpr std::size_t kPartsAhead = 4;

}  // namespace

struct OrderedRows::State {
  /// A part that was begun. The thread that has set `busy` owns its cursor and formatter.
  struct Part {
    std::unique_ptr<storage::Cursor> cursor;  // null after the last row
    std::optional<RowFormatter> formatter;
    bool busy = true;
    std::list<RowBatch> batches;
    Status outcome;  // after the batches
    std::exception_ptr thrown;
  };

  State(ScanThreads& its_threads, std::span<const Column> its_columns,
        const FormatOptions& its_format)
      : threads(its_threads), columns(its_columns), format(its_format) {}

  bool HasRoom() const TQL_REQUIRES(mutex) { return bytes_ahead < kMostBytesAhead; }
  bool HasWork() const TQL_REQUIRES(mutex) {
    return HasRoom() && (MayBegin() || std::ranges::any_of(parts, [](const Part& part) {
                           return !part.busy && part.cursor;
                         }));
  }
  bool MayBegin() const TQL_REQUIRES(mutex) {
    return !all_begun && open < source->readers() && parts.size() < kPartsAhead * source->readers();
  }
  /// Returns the first part that can continue, or begins one. Returns null if neither is possible.
  /// The first of all parts needs no room, because its rows leave at once.
  Part* Take() TQL_REQUIRES(mutex) {
    for (Part& part : parts) {
      const bool first = &part == &parts.front() && part.batches.empty();
      if (part.busy || !part.cursor || !(first || HasRoom())) continue;
      part.busy = true;
      return &part;
    }
    if (!MayBegin() || !(parts.empty() || HasRoom())) return nullptr;
    std::list<Part> begun(1);  // allocated first: a part that is begun must not be lost
    begun.front().cursor = source->Next();
    if (!begun.front().cursor) {
      all_begun = true;
      return nullptr;
    }
    ++open;
    parts.splice(parts.end(), begun);
    return &parts.back();
  }
  /// Reads a batch of a part that this thread has taken.
  void Read(Part& part) {
    std::list<RowBatch> batch;
    const RowEncoder* its_encoder = nullptr;
    {
      const base::MutexLock lock(mutex);
      if (!spare.empty()) batch.splice(batch.end(), spare, spare.begin());
      its_encoder = encoder;
    }
    Status outcome;
    std::exception_ptr thrown;
    bool more = true;
    try {
      if (batch.empty()) batch.emplace_back();
      batch.front().Reset(its_encoder);
      const StatusOr<bool> read = Fill(part, batch.front());
      outcome = read.status();
      more = read.ok() && *read;
    } catch (...) {
      thrown = std::current_exception();
      more = false;
    }
    if (!more) part.cursor.reset();
    {
      const base::MutexLock lock(mutex);
      part.busy = false;
      part.outcome = std::move(outcome);
      part.thrown = std::move(thrown);
      if (!more) --open;
      if (!batch.empty() && batch.front().rows() > 0) {
        bytes_ahead += batch.front().bytes();
        part.batches.splice(part.batches.end(), batch);
      }
    }
    changed.notify_all();
  }
  /// Returns whether the part may have more rows.
  StatusOr<bool> Fill(Part& part, RowBatch& batch) const {
    if (!part.formatter) {
      StatusOr<RowFormatter> made = RowFormatter::Create(columns, format);
      if (!made.ok()) return made.status();
      part.formatter.emplace(*std::move(made));
    }
    while (batch.bytes() < kBatchBytes) {
      const StatusOr<bool> row = part.cursor->Next();
      if (!row.ok() || !*row) return row;
      batch.Add(part.formatter->Format(part.cursor->row()));
    }
    return true;
  }

  /// Runs on a thread of `threads`.
  void Help() {
    base::MutexLock lock(mutex);
    ++helping;
    try {
      while (Part* const part = closed ? nullptr : Take()) {
        lock.unlock();
        Read(*part);
        lock.lock();
      }
    } catch (const std::bad_alloc&) {  // of Take(): the thread of the statement goes on
    }
    --helping;
    --called;
    lock.unlock();
    changed.notify_all();
  }

  ScanThreads& threads;
  const std::span<const Column> columns;
  const FormatOptions& format;
  std::unique_ptr<storage::RowParts> source;

  base::Mutex mutex;
  std::condition_variable_any changed;
  std::list<Part> parts TQL_GUARDED_BY(mutex);  // begun but not yet written, in their order
  std::list<RowBatch> spare TQL_GUARDED_BY(mutex);
  const RowEncoder* encoder TQL_GUARDED_BY(mutex) = nullptr;
  std::size_t open TQL_GUARDED_BY(mutex) = 0;  // cursors
  std::size_t bytes_ahead TQL_GUARDED_BY(mutex) = 0;
  std::size_t called TQL_GUARDED_BY(mutex) = 0;   // threads that help or will
  std::size_t helping TQL_GUARDED_BY(mutex) = 0;  // those of them that have begun
  bool all_begun TQL_GUARDED_BY(mutex) = false;
  bool closed TQL_GUARDED_BY(mutex) = false;
};

OrderedRows::OrderedRows(ScanThreads& threads, std::span<const Column> columns,
                         const FormatOptions& format, const storage::Cancellation& cancellation)
    : cancellation_(cancellation),
      stopped_(cancellation.stop, [this] { stop_.request_stop(); }),
      state_(std::make_shared<State>(threads, columns, format)) {}

OrderedRows::~OrderedRows() {
  stop_.request_stop();
  State& state = *state_;
  base::MutexLock lock(state.mutex);
  state.closed = true;
  while (state.helping > 0) state.changed.wait(lock);
  state.parts.clear();
  state.source.reset();
}

storage::Cancellation OrderedRows::ForParts() const {
  return {.stop = stop_.get_token(), .deadline = cancellation_.deadline, .client_gone = {}};
}

void OrderedRows::Begin(std::unique_ptr<storage::RowParts> parts) {
  state_->source = std::move(parts);
}

StatusOr<bool> OrderedRows::Next(RowBatch& batch, const RowEncoder* encoder) {
  State& state = *state_;
  const auto call_helpers = [&]() TQL_REQUIRES(state.mutex) {
    const std::size_t most = std::min(state.threads.count(), state.source->readers()) - 1;
    while (state.called < most && state.HasWork()) {
      ++state.called;
      state.threads.Run([shared = state_] { shared->Help(); });
    }
  };
  base::MutexLock lock(state.mutex);
  state.encoder = encoder;
  batch.Reset(nullptr);
  if (state.spare.size() < state.source->readers()) state.spare.push_back(std::move(batch));
  for (;;) {
    if (Status status = cancellation_.Check(); !status.ok()) return status;
    call_helpers();
    if (!state.parts.empty()) {
      State::Part& first = state.parts.front();
      if (!first.batches.empty()) {
        batch = std::move(first.batches.front());
        first.batches.pop_front();
        state.bytes_ahead -= batch.bytes();
        call_helpers();
        return true;
      }
      if (!first.busy && !first.cursor) {
        if (first.thrown) std::rethrow_exception(first.thrown);
        if (!first.outcome.ok()) return first.outcome;
        state.parts.pop_front();
        continue;
      }
    }
    if (State::Part* const part = state.Take()) {
      lock.unlock();
      state.Read(*part);
      lock.lock();
    } else if (state.parts.empty()) {
      return false;
    } else {
      state.changed.wait_for(lock, kPause);
    }
  }
}

}  // namespace tql::engine

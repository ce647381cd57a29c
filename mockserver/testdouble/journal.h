// The journal of a namespace: the calls and statements that it received, and their outcomes.
#ifndef TQLKIT_MOCKSERVER_TESTDOUBLE_JOURNAL_H_
#define TQLKIT_MOCKSERVER_TESTDOUBLE_JOURNAL_H_

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <stop_token>
#include <string>
#include <unordered_set>
#include <vector>

#include "mockserver/service/service.h"
#include "mockserver/testdouble/facts.h"
#include "mockserver/testdouble/messages.h"
#include "proto/base/mutex.h"

namespace tql::testdouble {

/// A statement, or a call without statements. Only its text is kept; what a Match needs beyond that
/// is computed when the journal is read, so that a statement costs a copy of its text
/// and no second parse. A text of more than kMostText bytes is cut, so its kind and its tables are
/// kept, too.
struct Record {
  /// The bytes of a statement or an error that are kept, those of a name, and those of options.
  static constexpr std::size_t kMostText = 4096;
  static constexpr std::size_t kMostName = 256;
  static constexpr std::size_t kMostOptions = 16'384;
  static constexpr std::size_t kMostTables = 100;  // of a text that was cut

  std::uint64_t seq = 0;    // set by Journal::Add
  std::size_t counted = 0;  // its Size(), set by Journal::Add
  std::chrono::system_clock::time_point time;
  mockpb::Call call = mockpb::OTHER;
  mockpb::Transport transport = mockpb::HTTP;
  std::string user;
  std::uint32_t session = 0;
  std::string path;
  std::string method;
  std::string request_id;
  std::uint32_t index = 0;
  std::string text;
  std::shared_ptr<const StatementFacts> facts;  // of a text that was cut, else null
  std::string database;
  std::string schema;
  std::string database_after;
  std::shared_ptr<const pb::TqlOptions> options;  // as the client set them; may be null
  mockpb::Outcome outcome = mockpb::OK;
  std::string error;
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  std::chrono::nanoseconds first_byte{0};
  std::chrono::nanoseconds duration{0};
  std::vector<std::string> rules;
  std::vector<std::string> warnings;
  bool unmatched = false;   // no rule matched, where the plan requires one
  bool from_cache = false;  // the result was kept, so that the statement did not run

  /// The memory that the record takes.
  std::size_t Size() const;
};
using RecordPtr = std::shared_ptr<const Record>;

class Journal;

/// The memory of all journals of a server together. When they exceed it, the largest one drops
/// records, so that a journal with few records keeps them. Thread safety: every method may be
/// called from any thread.
class JournalBudget {
 public:
  static constexpr std::size_t kMost = std::size_t{64} << 20;
  explicit JournalBudget(std::size_t most = kMost) : most_(most) {}

  void Add(std::size_t bytes) { used_.fetch_add(bytes, std::memory_order_relaxed); }
  void Remove(std::size_t bytes) { used_.fetch_sub(bytes, std::memory_order_relaxed); }
  void Register(Journal& journal);
  void Deregister(Journal& journal);
  /// Halves the largest journals until the budget is kept. The caller holds no journal's lock.
  void Enforce();

 private:
  bool exceeded() const { return used_.load(std::memory_order_relaxed) > most_; }

  const std::size_t most_;
  std::atomic<std::size_t> used_ = 0;
  base::Mutex mutex_;  // acquired before that of a journal
  std::unordered_set<Journal*> journals_ TQL_GUARDED_BY(mutex_);
};

/// The newest records of a namespace, in the order in which they ended. Older ones are dropped and
/// counted. Thread safety: every method may be called from any thread.
class Journal {
 public:
  struct Limits {
    std::size_t records = 10'000;  // 0: nothing is kept
    std::size_t bytes = std::size_t{4} << 20;
  };
  /// `budget` outlives the journal.
  Journal(const Limits& limits, JournalBudget& budget) : limits_(limits), budget_(budget) {
    budget_.Register(*this);
  }
  ~Journal();
  Journal(const Journal&) = delete;
  Journal& operator=(const Journal&) = delete;

  const Limits& limits() const { return limits_; }
  bool enabled() const { return limits_.records > 0; }
  void Add(std::unique_ptr<Record> record);

  struct Part {
    std::vector<RecordPtr> records;  // those with a greater seq than `after`, oldest first
    std::uint64_t dropped = 0;       // of these, how many are no longer kept
    std::uint64_t last = 0;          // seq of the newest record
  };
  Part After(std::uint64_t after) const;
  /// Waits until there is a record newer than `last`, until `deadline`, or until the stop. Returns
  /// whether there is one.
  bool WaitFor(std::uint64_t last, std::chrono::steady_clock::time_point deadline,
               const std::stop_token& stop) const;
  /// The memory of the records.
  std::size_t bytes() const { return bytes_.load(std::memory_order_relaxed); }
  /// Drops the oldest records until they take at most so many bytes.
  void DropTo(std::size_t bytes);
  /// Drops all records; their numbers are not given again.
  void Clear();

 private:
  void DropOldest() TQL_REQUIRES(mutex_);

  const Limits limits_;
  JournalBudget& budget_;
  mutable base::Mutex mutex_;
  mutable std::condition_variable_any added_;
  std::deque<RecordPtr> records_ TQL_GUARDED_BY(mutex_);  // with consecutive numbers
  std::atomic<std::size_t> bytes_ = 0;                    // changed under mutex_
  std::uint64_t last_ TQL_GUARDED_BY(mutex_) = 0;
  /// Number of the last record that Clear dropped.
  std::uint64_t cleared_ TQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tql::testdouble

#endif  // TQLKIT_MOCKSERVER_TESTDOUBLE_JOURNAL_H_

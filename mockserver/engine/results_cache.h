// Keeps results of SELECTs that are asked again and again, as Falcon does.
#ifndef TQLKIT_MOCKSERVER_ENGINE_RESULTS_CACHE_H_
#define TQLKIT_MOCKSERVER_ENGINE_RESULTS_CACHE_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>

#include "mockserver/engine/select_result.h"
#include "mockserver/engine/statement_options.h"
#include "mockserver/engine/statement_sink.h"
#include "proto/base/mutex.h"

namespace tql::engine {

/// What the result of a SELECT depends on, besides the catalog and the rows. All is borrowed.
struct ResultQuestion {
  std::uint64_t engine = 0;  // a number of the engine that is never used again
  std::string_view text;
  const Context& context;
  const StatementOptions& options;
};

/// The results of all engines of a server, within one budget of memory: the results that were used
/// least recently are dropped. Results are kept for questions that were asked before, so that
/// questions that are asked once cost nothing. Thread-safe.
///
/// The cache does not know whether a result is still right: the engine compares its basis.
class ResultsCache {
 public:
  explicit ResultsCache(std::size_t most_bytes) : most_bytes_(most_bytes) {}

  using Result = std::shared_ptr<const SelectResult>;

  /// Null if no result is kept.
  Result Find(const ResultQuestion& question);
  /// Returns whether the question was asked before, and remembers it. The memory has a fixed size,
  /// so that it may have forgotten.
  bool AskedBefore(const ResultQuestion& question);
  /// Replaces an earlier result of the question.
  void Keep(const ResultQuestion& question, Result result);
  /// Removes a result that a change has made wrong, unless another one has replaced it already.
  void Drop(const ResultQuestion& question, const Result& result);

  std::size_t most_bytes() const { return most_bytes_; }
  /// A single result may take this part of the budget.
  std::size_t most_bytes_of_a_result() const { return most_bytes_ / 16; }
  /// The memory of the results that are kept.
  std::size_t bytes() const;

 private:
  struct Entry {
    std::uint64_t hash = 0;
    std::uint64_t engine = 0;
    std::string text;
    std::string database;
    std::string schema;
    StatementOptions options;
    Result result;
    std::size_t bytes = 0;
  };
  using Entries = std::list<Entry>;

  static bool IsOf(const Entry& entry, const ResultQuestion& question);
  void Erase(Entries::iterator entry) TQL_REQUIRES(mutex_);

  const std::size_t most_bytes_;
  /// Hashes of questions, each at the place that it determines.
  std::array<std::atomic<std::uint64_t>, 4096> asked_ = {};
  mutable base::Mutex mutex_;
  Entries entries_ TQL_GUARDED_BY(mutex_);  // the most recently used first
  std::unordered_map<std::uint64_t, Entries::iterator> by_hash_ TQL_GUARDED_BY(mutex_);
  std::size_t bytes_ TQL_GUARDED_BY(mutex_) = 0;
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_RESULTS_CACHE_H_

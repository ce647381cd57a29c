#include "mockserver/engine/results_cache.h"

#include <functional>
#include <tuple>
#include <utility>

namespace tql::engine {
namespace {

std::uint64_t Mixed(std::uint64_t hash, std::uint64_t next) {
  constexpr std::uint64_t kGoldenRatio = 0x9e3779b97f4a7c15;
  return hash ^ (next + kGoldenRatio + (hash << 6U) + (hash >> 2U));
}

/// Never 0. Questions that differ only in further options share a hash, and so a place in the
/// cache.
std::uint64_t HashOf(const ResultQuestion& question) {
  const std::hash<std::string_view> hash;
  std::uint64_t all = Mixed(question.engine, hash(question.text));
  all = Mixed(all, hash(question.context.database));
  all = Mixed(all, hash(question.context.schema));
  all = Mixed(all, static_cast<std::uint64_t>(question.options.pagination_start));
  all = Mixed(all, question.options.query_row_count_only ? 1 : 0);
  return all | 1U;
}

/// The options that a result depends on.
auto Shaping(const StatementOptions& options) {
  return std::tie(options.query_results_apply_top_row_count, options.query_row_count_only,
                  options.pagination_start, options.pagination_size,
                  options.use_postgres_sql_parser, options.format.null_string,
                  options.format.date_format, options.format.date_time_format,
                  options.format.time_format, options.format.format_date_as_epoch);
}

}  // namespace

bool ResultsCache::IsOf(const Entry& entry, const ResultQuestion& question) {
  return entry.engine == question.engine && entry.text == question.text &&
         entry.database == question.context.database && entry.schema == question.context.schema &&
         Shaping(entry.options) == Shaping(question.options);
}

ResultsCache::Result ResultsCache::Find(const ResultQuestion& question) {
  const base::MutexLock lock(mutex_);
  const auto found = by_hash_.find(HashOf(question));
  if (found == by_hash_.end() || !IsOf(*found->second, question)) return nullptr;
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->result;
}

bool ResultsCache::AskedBefore(const ResultQuestion& question) {
  const std::uint64_t hash = HashOf(question);
  std::atomic<std::uint64_t>& place = asked_[(hash >> 1U) % asked_.size()];
  return place.exchange(hash, std::memory_order_relaxed) == hash;
}

void ResultsCache::Keep(const ResultQuestion& question, Result result) {
  // About what the list, the index and the texts of the options take.
  constexpr std::size_t kEntryBytes = sizeof(Entry) + 256;
  Entries made(1);  // allocated without the lock
  Entry& entry = made.front();
  entry.hash = HashOf(question);
  entry.engine = question.engine;
  entry.text = question.text;
  entry.database = question.context.database;
  entry.schema = question.context.schema;
  entry.options = question.options;
  entry.options.answers.clear();
  entry.bytes = kEntryBytes + entry.text.size() + result->bytes();
  entry.result = std::move(result);
  if (entry.bytes > most_bytes_of_a_result()) return;
  const base::MutexLock lock(mutex_);
  if (const auto found = by_hash_.find(entry.hash); found != by_hash_.end()) Erase(found->second);
  by_hash_.emplace(entry.hash, made.begin());
  bytes_ += entry.bytes;
  entries_.splice(entries_.begin(), made);
  while (bytes_ > most_bytes_) Erase(std::prev(entries_.end()));
}

void ResultsCache::Drop(const ResultQuestion& question, const Result& result) {
  const base::MutexLock lock(mutex_);
  const auto found = by_hash_.find(HashOf(question));
  if (found != by_hash_.end() && found->second->result == result) Erase(found->second);
}

void ResultsCache::Erase(Entries::iterator entry) {
  bytes_ -= entry->bytes;
  by_hash_.erase(entry->hash);
  entries_.erase(entry);
}

std::size_t ResultsCache::bytes() const {
  const base::MutexLock lock(mutex_);
  return bytes_;
}

}  // namespace tql::engine

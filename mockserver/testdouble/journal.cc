#include "mockserver/testdouble/journal.h"

#include <algorithm>
#include <utility>

namespace tql::testdouble {
namespace {

std::size_t SizeOf(const std::string& text) {
  return text.capacity() > std::string().capacity() ? text.capacity() + 1 : 0;
}

std::size_t SizeOf(const std::vector<std::string>& texts) {
  std::size_t size = texts.capacity() * sizeof(std::string);
  for (const std::string& text : texts) size += SizeOf(text);
  return size;
}

}  // namespace

std::size_t Record::Size() const {
  constexpr std::size_t kControlBlock = 2 * sizeof(void*);
  std::size_t size = sizeof(Record) + kControlBlock + sizeof(RecordPtr);
  for (const std::string* const part :
       {&user, &path, &method, &request_id, &text, &database, &schema, &database_after, &error}) {
    size += SizeOf(*part);
  }
  if (facts) {
    size += sizeof(StatementFacts) + kControlBlock + facts->tables.capacity() * sizeof(TableName);
    for (const TableName& table : facts->tables) {
      size += SizeOf(table.database) + SizeOf(table.schema) + SizeOf(table.table);
    }
  }
  // The statements of a script share their options; each pays for them, which errs on the safe
  // side. What a message takes exactly is found by reflection, which is slow.
  if (options) size += sizeof(pb::TqlOptions) + 4 * options->ByteSizeLong();
  return size + SizeOf(rules) + SizeOf(warnings);
}

void JournalBudget::Register(Journal& journal) {
  const base::MutexLock lock(mutex_);
  journals_.insert(&journal);
}

void JournalBudget::Deregister(Journal& journal) {
  const base::MutexLock lock(mutex_);
  journals_.erase(&journal);
}

void JournalBudget::Enforce() {
  if (!exceeded()) return;
  const base::MutexLock lock(mutex_);
  while (exceeded()) {
    const auto largest = std::ranges::max_element(journals_, {}, &Journal::bytes);
    if (largest == journals_.end() || (*largest)->bytes() == 0) return;
    (*largest)->DropTo((*largest)->bytes() / 2);
  }
}

Journal::~Journal() {
  budget_.Deregister(*this);
  budget_.Remove(bytes_);
}

void Journal::Add(std::unique_ptr<Record> record) {
  if (!enabled()) return;
  const std::size_t size = record->Size();
  record->counted = size;
  {
    const base::MutexLock lock(mutex_);
    record->seq = ++last_;
    records_.push_back(std::move(record));
    bytes_ += size;
    budget_.Add(size);
    while (records_.size() > limits_.records || bytes_ > limits_.bytes) DropOldest();
  }
  added_.notify_all();
  budget_.Enforce();
}

void Journal::DropOldest() {
  const std::size_t size = records_.front()->counted;
  bytes_ -= size;
  budget_.Remove(size);
  records_.pop_front();
}

void Journal::DropTo(std::size_t bytes) {
  const base::MutexLock lock(mutex_);
  while (bytes_ > bytes) DropOldest();
}

Journal::Part Journal::After(std::uint64_t after) const {
  const base::MutexLock lock(mutex_);
  Part part{.records = {}, .dropped = 0, .last = last_};
  const std::uint64_t first = last_ - records_.size() + 1;  // seq of the oldest record
  const std::uint64_t from = std::max(after, cleared_) + 1;
  if (from > last_) return part;
  if (from < first) part.dropped = first - from;
  const std::uint64_t skip = from > first ? from - first : 0;
  part.records.assign(records_.begin() + static_cast<std::ptrdiff_t>(skip), records_.end());
  return part;
}

bool Journal::WaitFor(std::uint64_t last, std::chrono::steady_clock::time_point deadline,
                      const std::stop_token& stop) const {
  base::MutexLock lock(mutex_);
  return added_.wait_until(lock, stop, deadline,
                           [&]() TQL_REQUIRES(mutex_) { return last_ > last; });
}

void Journal::Clear() {
  const base::MutexLock lock(mutex_);
  while (!records_.empty()) DropOldest();
  cleared_ = last_;
}

}  // namespace tql::testdouble

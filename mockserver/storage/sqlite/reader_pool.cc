#include "mockserver/storage/sqlite/reader_pool.h"

#include <string>
#include <utility>

namespace tql::storage::sqlite {

void ReaderPool::Open() {
  const base::MutexLock guard(mutex_);
  open_ = true;
}

bool ReaderPool::Close() {
  std::vector<std::unique_ptr<Connection>> closed;  // destroyed without the lock
  const base::MutexLock guard(mutex_);
  if (in_use_ > 0 || spare_in_use_ > 0) return false;
  open_ = false;
  closed.swap(idle_);
  return true;
}

StatusOr<ReaderPool::Reader> ReaderPool::Take() {
  {
    const base::MutexLock guard(mutex_);
    if (!open_) return Reader(nullptr, Return{this});
    if (in_use_ >= options_.max_readers) {
      return ResourceExhaustedError("too many queries are open at once: found " +
                                    std::to_string(in_use_) + ", the limit is " +
                                    std::to_string(options_.max_readers));
    }
    ++in_use_;
    if (!idle_.empty()) return TakeIdle(/*spare=*/false);
  }
  return Connect(/*spare=*/false);
}

ReaderPool::Reader ReaderPool::TakeSpare() {
  {
    const base::MutexLock guard(mutex_);
    if (!open_ || spare_in_use_ >= options_.max_spare_readers) {
      return Reader(nullptr, Return{this});
    }
    ++spare_in_use_;
    if (!idle_.empty()) return TakeIdle(/*spare=*/true);
  }
  StatusOr<Reader> made = Connect(/*spare=*/true);
  return made ? *std::move(made) : Reader(nullptr, Return{this});
}

ReaderPool::Reader ReaderPool::TakeIdle(bool spare) {
  Reader reader(idle_.back().release(), Return{this, spare});
  idle_.pop_back();
  return reader;
}

StatusOr<ReaderPool::Reader> ReaderPool::Connect(bool spare) {
  StatusOr<std::unique_ptr<Connection>> made =
      Connection::Open(options_, path_, vfs_, Connection::Role::kReader);
  if (!made) {
    const base::MutexLock guard(mutex_);
    --(spare ? spare_in_use_ : in_use_);
    return made.status();
  }
  return Reader(made->release(), Return{this, spare});
}

void ReaderPool::TakeBack(Connection* connection, bool spare) {
  std::unique_ptr<Connection> returned(connection);
  const base::MutexLock guard(mutex_);
  --(spare ? spare_in_use_ : in_use_);
  if (idle_.size() < options_.idle_readers) idle_.push_back(std::move(returned));
}

}  // namespace tql::storage::sqlite

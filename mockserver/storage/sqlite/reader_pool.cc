#include "mockserver/storage/sqlite/reader_pool.h"

#include <string>
#include <utility>

namespace tql::storage::sqlite {

StatusOr<ReaderPool::Lent> ReaderPool::Take() {
  {
    const base::MutexLock guard(mutex_);
    if (lent_ >= options_.max_readers) {
      return ResourceExhaustedError("too many queries are open at once: found " +
                                    std::to_string(lent_) + ", the limit is " +
                                    std::to_string(options_.max_readers));
    }
    ++lent_;
    if (!idle_.empty()) {
      Lent lent(idle_.back().release(), GiveBack{this});
      idle_.pop_back();
      return lent;
    }
  }
  StatusOr<std::unique_ptr<Connection>> made =
      Connection::Open(options_, path_, vfs_, Connection::Role::kReader);
  if (!made) {
    const base::MutexLock guard(mutex_);
    --lent_;
    return made.status();
  }
  return Lent(made->release(), GiveBack{this});
}

void ReaderPool::Return(Connection* connection) {
  std::unique_ptr<Connection> returned(connection);
  const base::MutexLock guard(mutex_);
  --lent_;
  if (idle_.size() < options_.idle_readers) idle_.push_back(std::move(returned));
}

}  // namespace tql::storage::sqlite

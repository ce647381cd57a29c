// Lets one thread write at a time, in the order of arrival.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_WRITER_QUEUE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_WRITER_QUEUE_H_

#include <condition_variable>
#include <list>
#include <memory>

#include "mockserver/storage/cancellation.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// Thread safety: every method may be called from any thread. Must outlive its turns.
class WriterQueue {
 public:
  struct End {
    void operator()(WriterQueue* queue) const { queue->Leave(); }
  };
  /// Ends when destroyed.
  using Turn = std::unique_ptr<WriterQueue, End>;

  /// Waits for a turn, or returns the status of the Cancellation.
  StatusOr<Turn> Enter(const Cancellation& cancellation);

 private:
  void Leave();

  base::Mutex mutex_;
  std::condition_variable_any changed_;
  // One entry per waiting thread; only the positions matter.
  std::list<int> waiting_ TQL_GUARDED_BY(mutex_);
  bool busy_ TQL_GUARDED_BY(mutex_) = false;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_WRITER_QUEUE_H_

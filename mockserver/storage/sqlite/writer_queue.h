// Who may write now: one at a time, in the order in which they came.
#ifndef TQLKIT_MOCKSERVER_STORAGE_SQLITE_WRITER_QUEUE_H_
#define TQLKIT_MOCKSERVER_STORAGE_SQLITE_WRITER_QUEUE_H_

#include <condition_variable>
#include <list>
#include <memory>

#include "mockserver/storage/cancellation.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::storage::sqlite {

/// Any number of threads. Must outlive its turns.
class WriterQueue {
 public:
  struct End {
    void operator()(WriterQueue* queue) const { queue->Leave(); }
  };
  /// Ends when it goes.
  using Turn = std::unique_ptr<WriterQueue, End>;

  /// Waits for its turn, or for the Cancellation.
  StatusOr<Turn> Enter(const Cancellation& cancellation);

 private:
  void Leave();

  base::Mutex mutex_;
  std::condition_variable_any changed_;
  std::list<int> waiting_ TQL_GUARDED_BY(mutex_);  // one entry for each; the places are what counts
  bool busy_ TQL_GUARDED_BY(mutex_) = false;
};

}  // namespace tql::storage::sqlite

#endif  // TQLKIT_MOCKSERVER_STORAGE_SQLITE_WRITER_QUEUE_H_

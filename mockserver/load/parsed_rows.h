// Reads the rows of a load on a thread of its own, while earlier rows are stored.
#ifndef TQLKIT_MOCKSERVER_LOAD_PARSED_ROWS_H_
#define TQLKIT_MOCKSERVER_LOAD_PARSED_ROWS_H_

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <thread>

#include "mockserver/load/row_reader.h"
#include "mockserver/plan/plan.h"
#include "proto/base/mutex.h"
#include "tql/status.h"

namespace tql::load {

/// Thread safety: one thread calls Next. The destructor waits for the reader to finish its batch.
class ParsedRows {
 public:
  /// Called with each batch whose rows are stored.
  using OnStored = std::function<void(const RowBatch& batch)>;

  ParsedRows(std::unique_ptr<RowReader> reader, OnStored on_stored);
  ~ParsedRows();
  ParsedRows(const ParsedRows&) = delete;
  ParsedRows& operator=(const ParsedRows&) = delete;

  /// As storage::NextRows.
  StatusOr<bool> Next(plan::LiteralRows* rows);

 private:
  void ReadAll();

  const std::unique_ptr<RowReader> reader_;  // used by thread_
  const OnStored on_stored_;
  std::unique_ptr<RowBatch> current_;  // whose rows the caller has

  base::Mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::unique_ptr<RowBatch>> free_ TQL_GUARDED_BY(mutex_);
  std::deque<std::unique_ptr<RowBatch>> ready_ TQL_GUARDED_BY(mutex_);
  bool stopped_ TQL_GUARDED_BY(mutex_) = false;  // by the destructor
  bool ended_ TQL_GUARDED_BY(mutex_) = false;    // the reader
  Status error_ TQL_GUARDED_BY(mutex_);          // of the reader
  std::thread thread_;                           // last: it uses the others
};

}  // namespace tql::load

#endif  // TQLKIT_MOCKSERVER_LOAD_PARSED_ROWS_H_

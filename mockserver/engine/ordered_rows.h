// Reads and formats the parts of a query side by side, and returns the rows in their order.
#ifndef TQLKIT_MOCKSERVER_ENGINE_ORDERED_ROWS_H_
#define TQLKIT_MOCKSERVER_ENGINE_ORDERED_ROWS_H_

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>

#include "mockserver/engine/row_batch.h"
#include "mockserver/engine/scan_threads.h"
#include "mockserver/engine/statement_options.h"
#include "mockserver/engine/statement_sink.h"
#include "mockserver/storage/cancellation.h"
#include "mockserver/storage/storage.h"
#include "tql/status.h"

namespace tql::engine {

/// How many bytes the threads may be ahead of the writer, apart from one batch per thread.
inline constexpr std::size_t kMostBytesAhead = std::size_t{2} << 20;
/// The size of a full batch.
inline constexpr std::size_t kBatchBytes = std::size_t{256} << 10;

/// Used by the thread of the statement, which does its share of the work. The threads that help
/// stop when they are far enough ahead, so that none waits for a slow client; they go on after the
/// next batch was taken.
class OrderedRows {
 public:
  /// Only the thread of the statement checks `cancellation`, because other threads must not use the
  /// client's connection. `columns` and `format` are borrowed.
  OrderedRows(ScanThreads& threads, std::span<const Column> columns, const FormatOptions& format,
              const storage::Cancellation& cancellation);
  ~OrderedRows();
  OrderedRows(const OrderedRows&) = delete;
  OrderedRows& operator=(const OrderedRows&) = delete;

  /// The Cancellation for the parts.
  storage::Cancellation ForParts() const;
  /// Called once. The cursor that was divided must outlive this object.
  void Begin(std::unique_ptr<storage::RowParts> parts);
  /// Replaces the batch by the next one, which has rows; false after the last row. An error follows
  /// the rows before it. Rows that are read from now on are encoded by `encoder`, unless it is
  /// null; it must outlive this object.
  StatusOr<bool> Next(RowBatch& batch, const RowEncoder* encoder = nullptr);

 private:
  struct State;

  const storage::Cancellation& cancellation_;
  std::stop_source stop_;
  std::stop_callback<std::function<void()>> stopped_;
  std::shared_ptr<State> state_;  // also of the threads that help
};

}  // namespace tql::engine

#endif  // TQLKIT_MOCKSERVER_ENGINE_ORDERED_ROWS_H_

// Decides when the first rows of a table are sent before a buffer is full.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_FIRST_ROWS_H_
#define TQLKIT_MOCKSERVER_FRONTEND_FIRST_ROWS_H_

#include <algorithm>
#include <chrono>
#include <cstddef>

#include "mockserver/engine/environment.h"

namespace tql::frontend {

/// The first rows are sent early, because a user may wait for them. Thread safety: one thread.
class FirstRows {
 public:
  /// `clock` must outlive this object.
  explicit FirstRows(const engine::Clock& clock) : clock_(clock) {}

  /// Starts another statement.
  void Reset() { rows_ = 0; }
  /// Counts rows. Returns whether the buffered rows should be sent now.
  bool Due(std::size_t rows = 1) {
    if (rows_ == kRows) return false;
    if (rows_ == 0) first_ = clock_.MachineNow();
    rows_ += std::min(rows, kRows - rows_);
    return rows_ == kRows || clock_.MachineNow() - first_ >= kWait;
  }

 private:
  static constexpr std::size_t kRows = 64;
  static constexpr std::chrono::milliseconds kWait{5};

  const engine::Clock& clock_;
  std::size_t rows_ = 0;  // at most kRows
  engine::MachineClock::time_point first_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_FIRST_ROWS_H_

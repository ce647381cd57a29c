// When the first rows of a table leave, although little has gathered.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_FIRST_ROWS_H_
#define TQLKIT_MOCKSERVER_FRONTEND_FIRST_ROWS_H_

#include <chrono>
#include <cstddef>

#include "mockserver/engine/environment.h"

namespace tql::frontend {

/// The first rows leave early: a person waits for them. Belongs to one thread.
class FirstRows {
 public:
  /// `clock` is borrowed.
  explicit FirstRows(const engine::Clock& clock) : clock_(clock) {}

  /// Another statement begins.
  void Reset() { rows_ = 0; }
  /// Counts a row; whether what there is should be sent now.
  bool Due() {
    if (rows_ == kRows) return false;
    if (rows_++ == 0) first_ = clock_.Now();
    return rows_ == kRows || clock_.Now() - first_ >= kWait;
  }

 private:
  static constexpr std::size_t kRows = 64;
  static constexpr std::chrono::milliseconds kWait{5};

  const engine::Clock& clock_;
  std::size_t rows_ = 0;  // at most kRows
  std::chrono::steady_clock::time_point first_;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_FIRST_ROWS_H_

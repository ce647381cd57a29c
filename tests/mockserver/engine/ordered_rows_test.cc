#include "mockserver/engine/ordered_rows.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "mockserver/values/datum.h"

namespace tql::engine {
namespace {

using values::Datum;

/// What the parts have in common, and how they behave.
struct Script {
  std::size_t parts = 20;
  std::size_t rows = 100;  // of each part
  std::size_t readers = 4;
  std::string text;                        // of each row, besides its number
  std::size_t fails_at = std::size_t(-1);  // the number of a row
  bool throws = false;                     // instead of an error
  bool slow = false;
  std::atomic<std::size_t> read = 0;  // rows
  std::atomic<std::size_t> open = 0;  // cursors
};

class FakePart : public storage::Cursor {
 public:
  FakePart(Script& script, std::size_t first) : script_(script), next_(first), end_(first) {
    end_ += script_.rows;
    EXPECT_LE(++script_.open, script_.readers);
  }
  ~FakePart() override { --script_.open; }
  StatusOr<bool> Next() override {
    if (next_ == end_) return false;
    if (next_ == script_.fails_at) {
      if (script_.throws) throw std::runtime_error("thrown");
      return OutOfRangeError("at " + std::to_string(next_));
    }
    if (script_.slow) std::this_thread::sleep_for(std::chrono::microseconds(next_ % 7 * 10));
    ++script_.read;
    values_[0] = Datum::Integer(static_cast<std::int64_t>(next_++));
    values_[1] = Datum::Text(script_.text);
    row_ = values_;
    return true;
  }

 private:
  Script& script_;
  std::size_t next_;
  std::size_t end_;
  Datum values_[2];
};

class FakeParts : public storage::RowParts {
 public:
  explicit FakeParts(Script& script) : script_(script) {}
  std::size_t readers() const override { return script_.readers; }
  std::unique_ptr<storage::Cursor> Next() override {
    const std::lock_guard lock(mutex_);
    if (next_ == script_.parts) return nullptr;
    return std::make_unique<FakePart>(script_, next_++ * script_.rows);
  }

 private:
  Script& script_;
  std::mutex mutex_;
  std::size_t next_ = 0;
};

class OrderedRowsTest : public ::testing::Test {
 protected:
  std::unique_ptr<OrderedRows> Begin(Script& script) {
    auto rows = std::make_unique<OrderedRows>(threads_, columns_, format_, cancellation_);
    rows->Begin(std::make_unique<FakeParts>(script));
    return rows;
  }
  /// Reads everything, checks the order of the rows, and returns how many there were.
  std::size_t Drain(OrderedRows& rows, Status* status) {
    std::size_t count = 0;
    RowBatch batch;
    for (;;) {
      const StatusOr<bool> more = rows.Next(batch);
      *status = more.status();
      if (!more.ok() || !*more) return count;
      EXPECT_GT(batch.rows(), 0U);
      batch.ForEach([&](std::span<const std::string_view> cells) {
        EXPECT_EQ(cells[0], std::to_string(count));
        ++count;
        return true;
      });
    }
  }

  ScanThreads threads_{4};
  std::vector<Column> columns_ = {{"n", {values::TypeKind::kInt}},
                                  {"v", {values::TypeKind::kVarchar}}};
  FormatOptions format_;
  std::stop_source stop_;
  storage::Cancellation cancellation_ = {.stop = stop_.get_token(), .client_gone = {}};
};

TEST_F(OrderedRowsTest, ReturnsTheRowsInOrder) {
  std::mt19937 random(1);
  for (int i = 0; i < 50; ++i) {
    Script script;
    script.parts = random() % 40;
    script.rows = random() % 200;
    script.readers = 2 + random() % 5;
    script.slow = i % 4 == 0;
    script.text = std::string(random() % 3000, 'x');
    const auto rows = Begin(script);
    Status status;
    EXPECT_EQ(Drain(*rows, &status), script.parts * script.rows);
    EXPECT_EQ(status, Status());
  }
}

/// Encodes the first cell as a line.
class LineEncoder : public RowEncoder {
 public:
  void Append(std::span<const std::string_view> cells, std::string& out) const override {
    out.append(cells[0]).append("\n");
  }
};

TEST_F(OrderedRowsTest, RowsAreEncodedAsSoonAsTheyMayBe) {
  const LineEncoder encoder;
  for (const std::size_t cells_before : {0U, 1U, 3U}) {
    Script script;
    script.parts = 40;
    script.rows = 200;
    script.text = std::string(2000, 'x');
    const auto rows = Begin(script);
    RowBatch batch;
    std::size_t batches = 0;
    std::size_t count = 0;
    std::size_t cell_bytes = 0;
    std::size_t encoded = 0;
    std::string lines;
    std::string expected;
    while (rows->Next(batch, batches++ < cells_before ? nullptr : &encoder).value()) {
      if (const EncodedRows* const done = batch.encoded()) {
        EXPECT_EQ(done->rows, batch.rows());
        lines += done->bytes;
        encoded += done->rows;
        cell_bytes += done->cell_bytes;
      } else {
        batch.ForEach([&](std::span<const std::string_view> cells) {
          lines.append(cells[0]).append("\n");
          cell_bytes += cells[0].size() + cells[1].size();
          return true;
        });
      }
      count += batch.rows();
    }
    std::size_t expected_bytes = 0;
    for (std::size_t i = 0; i < script.parts * script.rows; ++i) {
      expected += std::to_string(i) + "\n";
      expected_bytes += std::to_string(i).size() + script.text.size();
    }
    EXPECT_EQ(count, script.parts * script.rows);
    EXPECT_EQ(lines, expected);
    EXPECT_EQ(cell_bytes, expected_bytes);
    if (cells_before == 0) {
      EXPECT_EQ(encoded, count);
    }
  }
}

TEST_F(OrderedRowsTest, AnErrorFollowsTheRowsBeforeIt) {
  for (const std::size_t at : {0U, 1U, 99U, 100U, 1234U, 1999U}) {
    Script script;
    script.fails_at = at;
    script.slow = true;
    const auto rows = Begin(script);
    Status status;
    EXPECT_EQ(Drain(*rows, &status), at);
    EXPECT_EQ(status, OutOfRangeError("at " + std::to_string(at)));
  }
}

TEST_F(OrderedRowsTest, AnExceptionReachesTheThreadOfTheStatement) {
  Script script;
  script.fails_at = 1500;
  script.throws = true;
  const auto rows = Begin(script);
  RowBatch batch;
  std::size_t count = 0;
  EXPECT_THROW(while (rows->Next(batch).value()) count += batch.rows(), std::runtime_error);
  EXPECT_EQ(count, 1500U);
}

TEST_F(OrderedRowsTest, ThreadsStayAheadByABoundedNumberOfBytesAndWaitForNobody) {
  Script script;
  script.parts = 1000;
  script.text = std::string(10'000, 'x');
  const auto rows = Begin(script);
  RowBatch batch;
  ASSERT_TRUE(rows->Next(batch).value());
  // Other work runs soon, though nobody takes the next batch.
  for (int i = 0; i < 20; ++i) {
    std::mutex mutex;
    std::condition_variable changed;
    bool done = false;
    threads_.Run([&] {
      const std::lock_guard lock(mutex);
      done = true;
      changed.notify_one();
    });
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, std::chrono::seconds(30), [&] { return done; }));
  }
  const std::size_t most = kMostBytesAhead + (script.readers + 2) * (kBatchBytes + 10'100);
  EXPECT_LE(script.read * script.text.size(), most);
  EXPECT_GE(script.read * script.text.size(), kMostBytesAhead / 2);
  std::size_t count = batch.rows();
  while (rows->Next(batch).value()) count += batch.rows();
  EXPECT_EQ(count, 100'000U);
}

TEST_F(OrderedRowsTest, CanBeDestroyedAtAnyMoment) {
  for (int i = 0; i < 200; ++i) {
    Script script;
    script.slow = i % 2 == 0;
    const auto rows = Begin(script);
    RowBatch batch;
    for (int n = i % 5; n > 0; --n) ASSERT_TRUE(rows->Next(batch).ok());
  }
}

TEST_F(OrderedRowsTest, ACancellationEndsThem) {
  Script script;
  const auto rows = Begin(script);
  RowBatch batch;
  ASSERT_TRUE(rows->Next(batch).value());
  EXPECT_FALSE(rows->ForParts().stop.stop_requested());
  stop_.request_stop();
  EXPECT_TRUE(rows->ForParts().stop.stop_requested());
  EXPECT_EQ(rows->Next(batch).status().code(), StatusCode::kCancelled);
}

TEST_F(OrderedRowsTest, OnlyTheThreadOfTheStatementAsksForTheClient) {
  const std::thread::id own = std::this_thread::get_id();
  std::size_t asked = 0;
  cancellation_.client_gone = [&] {
    EXPECT_EQ(std::this_thread::get_id(), own);
    return ++asked > 5;
  };
  Script script;
  script.text = std::string(5'000, 'x');
  const auto rows = Begin(script);
  EXPECT_FALSE(rows->ForParts().client_gone);
  Status status;
  EXPECT_LT(Drain(*rows, &status), 2000U);
  EXPECT_EQ(status.code(), StatusCode::kCancelled);
}

}  // namespace
}  // namespace tql::engine

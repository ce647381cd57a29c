// Files in memory: bytes, locks, and SQLite's write-ahead log on them with several threads.
#include "mockserver/storage/sqlite/memory_vfs.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "mockserver/storage/sqlite/connection.h"
#include "mockserver/storage/sqlite/memory_file.h"

namespace tql::storage::sqlite {
namespace {

TEST(MemoryBytes, UnwrittenBytesAreZero) {
  MemoryBytes bytes;
  const std::string data(700'000, 'x');  // Many pages.
  ASSERT_TRUE(bytes.Write(data.data(), data.size(), 100));
  EXPECT_EQ(bytes.size(), 700'100U);
  std::string out(700'200, 'y');
  EXPECT_FALSE(bytes.Read(out.data(), out.size(), 0));
  EXPECT_EQ(out, std::string(100, '\0') + data + std::string(100, '\0'));
  EXPECT_TRUE(bytes.Read(out.data(), 10, 700'090));
  EXPECT_FALSE(bytes.Read(out.data(), 10, 1'000'000'000));
  EXPECT_EQ(out.substr(0, 10), std::string(10, '\0'));
}

TEST(MemoryBytes, TruncatedBytesAreZero) {
  MemoryBytes bytes;
  const std::string data(300'000, 'x');
  ASSERT_TRUE(bytes.Write(data.data(), data.size(), 0));
  bytes.Truncate(10);
  EXPECT_EQ(bytes.size(), 10U);
  ASSERT_TRUE(bytes.Write("z", 1, 20));
  std::string out(21, 'y');
  EXPECT_TRUE(bytes.Read(out.data(), out.size(), 0));
  EXPECT_EQ(out, std::string(10, 'x') + std::string(10, '\0') + "z");
  bytes.Truncate(100);  // Does not extend.
  EXPECT_EQ(bytes.size(), 21U);
}

/// Random writes and truncations of copies of copies, each compared with a plain vector of bytes.
/// The pages of the file begin at `first`, one each `distance` bytes.
template <typename Bytes>
void CompareCopies(std::uint64_t first, std::uint64_t distance) {
  constexpr std::uint64_t kMost = 3 << 20;
  struct File {
    std::unique_ptr<Bytes> bytes;
    std::vector<char> plain;
  };
  for (const unsigned seed : {1U, 2U, 3U}) {
    std::mt19937 random(seed);
    const auto below = [&](std::uint64_t end) {
      return std::uniform_int_distribution<std::uint64_t>(0, end - 1)(random);
    };
    std::vector<File> files(1);
    files[0].bytes = std::make_unique<Bytes>();
    const auto step = [&] {
      File& file = files[below(files.size())];
      switch (below(8)) {
        case 0:
          if (files.size() == 12) files.erase(files.begin() + static_cast<long>(below(12)));
          files.push_back({std::make_unique<Bytes>(*files[0].bytes), files[0].plain});
          break;
        case 1: {
          std::swap(files[0], file);  // The next copies are made from another file.
          break;
        }
        case 2: {
          const std::uint64_t size = below(kMost);
          ASSERT_TRUE(file.bytes->Truncate(size));
          if (size < file.plain.size()) file.plain.resize(size);
          break;
        }
        default: {
          const bool page = below(2) == 0;  // Whole pages, as in SQLite, or any range.
          const std::uint64_t offset =
              page ? first + below(kMost / distance) * distance : below(kMost);
          const std::string data(page ? 4096 : below(20'000), static_cast<char>(below(256)));
          ASSERT_TRUE(file.bytes->Write(data.data(), data.size(), offset));
          if (data.empty()) break;
          if (file.plain.size() < offset + data.size()) file.plain.resize(offset + data.size());
          std::copy(data.begin(), data.end(), file.plain.begin() + static_cast<long>(offset));
        }
      }
    };
    for (int i = 0; i < 600; ++i) {
      step();
      if (i % 20 != 19) continue;
      for (const File& file : files) {
        ASSERT_EQ(file.bytes->size(), file.plain.size()) << "seed " << seed << ", step " << i;
        std::vector<char> out(file.plain.size() + 10, 'y');
        EXPECT_FALSE(file.bytes->Read(out.data(), out.size(), 0));
        out.resize(file.plain.size());
        ASSERT_TRUE(out == file.plain) << "seed " << seed << ", step " << i;
      }
    }
  }
}

TEST(MemoryBytes, CopiesAreIndependent) { CompareCopies<MemoryBytes>(0, 4096); }

TEST(LogBytes, CopiesAreIndependent) { CompareCopies<LogBytes>(32 + 24, 24 + 4096); }

// The layout of section 4.1 of SQLite's file format.
TEST(LogBytes, KnowsWherePagesBegin) {
  EXPECT_EQ(LogBytes::PlaceOfPage(0), std::nullopt);
  EXPECT_EQ(LogBytes::PlaceOfPage(32), std::nullopt);
  EXPECT_EQ(LogBytes::PlaceOfPage(56), 0U);
  EXPECT_EQ(LogBytes::PlaceOfPage(57), std::nullopt);
  EXPECT_EQ(LogBytes::PlaceOfPage(56 + 4096), std::nullopt);
  EXPECT_EQ(LogBytes::PlaceOfPage(56 + 2 * 4120), 2U * 4096);
}

// The pages count once, although database and log have them, and a change of one file leaves the
// other alone.
TEST(MemoryVfs, ACheckpointSharesThePagesOfTheLog) {
  const auto folder = *MemoryFolder::Create();
  const SqliteOptions options;
  const auto open = [&] {
    return *Connection::Open(options, folder->PathOf("db"), MemoryFolder::vfs(),
                             Connection::Role::kWriter);
  };
  const auto connection = open();
  ASSERT_TRUE(connection
                  ->Execute("PRAGMA journal_mode=WAL; CREATE TABLE t(n, x);"
                            "WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c "
                            "LIMIT 1500) INSERT INTO t SELECT n, zeroblob(4000) FROM c")
                  .ok());
  const auto database = folder->Find("db");
  const auto log = folder->Find("db-wal");
  ASSERT_NE(log, nullptr);
  EXPECT_GT(log->size(), 6'000'000U);
  EXPECT_GT(database->size(), 6'000'000U);  // 1,500 pages: more than SQLite's limit of 1,000
  EXPECT_GE(OwnBytes(*database, log.get()), database->size());
  EXPECT_LT(OwnBytes(*database, log.get()), database->size() * 11 / 10);

  const auto sum = [&](Connection& from) {
    auto statement = from.Prepare("SELECT sum(n) + sum(length(x)) FROM t");
    EXPECT_TRUE(statement.ok() && *statement->Step());
    return statement->Integer(0);
  };
  EXPECT_EQ(sum(*connection), 1500 * 1501 / 2 + 1500 * 4000);
  // The log begins again, over pages that the database shares.
  ASSERT_TRUE(connection->Execute("UPDATE t SET n = -n WHERE n % 2 = 0").ok());
  EXPECT_EQ(sum(*connection), 750 * 750 - 750 * 751 + 1500 * 4000);
  EXPECT_EQ(sum(*open()), 750 * 750 - 750 * 751 + 1500 * 4000);
  auto check = connection->Prepare("PRAGMA integrity_check");
  ASSERT_TRUE(check.ok() && *check->Step());
  EXPECT_EQ(check->Text(0), "ok");
}

/// Each copy is written by a separate thread while others read theirs and are destroyed.
TEST(MemoryBytes, CopiesAreThreadSafe) {
  constexpr std::size_t kSize = 2 << 20;
  MemoryBytes origin;
  const std::string old(kSize, 'o');
  ASSERT_TRUE(origin.Write(old.data(), old.size(), 0));
  std::vector<std::jthread> threads;
  for (char mark = 'a'; mark < 'e'; ++mark) {
    threads.emplace_back([&origin, mark] {
      for (int round = 0; round < 20; ++round) {
        MemoryBytes mine(origin);
        for (std::size_t at = 0; at < kSize; at += 64 << 10) {
          ASSERT_TRUE(mine.Write(&mark, 1, at));
        }
        std::string out(kSize, ' ');
        ASSERT_TRUE(mine.Read(out.data(), out.size(), 0));
        ASSERT_EQ(std::count(out.begin(), out.end(), mark), kSize / (64 << 10));
        ASSERT_EQ(std::count(out.begin(), out.end(), 'o'), kSize - kSize / (64 << 10));
      }
    });
  }
  threads.clear();
  std::string out(kSize, ' ');
  ASSERT_TRUE(origin.Read(out.data(), out.size(), 0));
  EXPECT_EQ(out, old);
}

TEST(FileLock, SharedReservedExclusive) {
  FileLock lock;
  FileLock::Level a = FileLock::kNone, b = FileLock::kNone, c = FileLock::kNone;
  EXPECT_TRUE(lock.Raise(&a, FileLock::kShared));
  EXPECT_TRUE(lock.Raise(&b, FileLock::kShared));
  EXPECT_FALSE(lock.reserved());
  EXPECT_TRUE(lock.Raise(&a, FileLock::kReserved));
  EXPECT_TRUE(lock.reserved());
  EXPECT_FALSE(lock.Raise(&b, FileLock::kReserved));
  EXPECT_FALSE(lock.Raise(&a, FileLock::kExclusive));  // b is reading.
  EXPECT_EQ(a, FileLock::kPending);
  EXPECT_FALSE(lock.Raise(&c, FileLock::kShared));  // New readers are not admitted.
  lock.Lower(&b, FileLock::kNone);
  EXPECT_TRUE(lock.Raise(&a, FileLock::kExclusive));
  EXPECT_FALSE(lock.Raise(&c, FileLock::kShared));
  lock.Lower(&a, FileLock::kShared);
  EXPECT_TRUE(lock.Raise(&c, FileLock::kShared));
  EXPECT_TRUE(lock.Raise(&c, FileLock::kReserved));
}

TEST(SharedIndex, LocksByRange) {
  SharedIndex index;
  SharedIndex::Held a, b;
  EXPECT_TRUE(index.Lock(&a, 3, 1, false));
  EXPECT_TRUE(index.Lock(&b, 3, 1, false));
  EXPECT_FALSE(index.Lock(&a, 3, 1, true));  // b shares it, and a does not upgrade.
  index.Unlock(&b, 3, 1);
  index.Unlock(&a, 3, 1);
  EXPECT_TRUE(index.Lock(&a, 3, 5, true));
  EXPECT_FALSE(index.Lock(&b, 7, 1, false));
  EXPECT_FALSE(index.Lock(&b, 2, 2, true));
  EXPECT_TRUE(index.Lock(&b, 2, 1, true));  // The previous attempt locked nothing.
  index.UnlockAll(&a);
  EXPECT_TRUE(index.Lock(&b, 7, 1, false));
}

TEST(SharedIndex, RegionsDoNotMove) {
  SharedIndex index;
  volatile void* region = nullptr;
  ASSERT_TRUE(index.Map(0, 32768, false, &region));
  EXPECT_EQ(region, nullptr);
  ASSERT_TRUE(index.Map(0, 32768, true, &region));
  volatile void* const first = region;
  ASSERT_NE(first, nullptr);
  ASSERT_TRUE(index.Map(40, 32768, true, &region));
  ASSERT_TRUE(index.Map(0, 32768, false, &region));
  EXPECT_EQ(region, first);
}

/// A database in memory with a table of 100 accounts whose sum never changes.
class MemoryDatabase {
 public:
  MemoryDatabase() {
    ConfigureSqlite();
    folder_ = *MemoryFolder::Create();
    writer_ = Open(Connection::Role::kWriter);
    EXPECT_EQ(writer_->Execute("PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=20;"
                               "CREATE TABLE t1(c1 INTEGER PRIMARY KEY, c2 INTEGER, c3 TEXT);"
                               "BEGIN"),
              Status());
    for (int i = 0; i < 100; ++i) {
      EXPECT_EQ(writer_->Execute(
                    ("INSERT INTO t1 VALUES (" + std::to_string(i) + ", 1000, hex(zeroblob(500)))")
                        .c_str()),
                Status());
    }
    EXPECT_EQ(writer_->Execute("COMMIT"), Status());
  }
  std::unique_ptr<Connection> Open(Connection::Role role) {
    auto made = Connection::Open(options_, folder_->PathOf("db"), MemoryFolder::vfs(), role);
    EXPECT_TRUE(made.ok()) << made.status();
    return *std::move(made);
  }
  Connection& writer() { return *writer_; }

  static std::int64_t Sum(Connection& connection) {
    auto statement = connection.Prepare("SELECT sum(c2) FROM t1");
    EXPECT_TRUE(statement.ok()) << statement.status();
    EXPECT_TRUE(*statement->Step());
    return statement->Integer(0);
  }

 private:
  SqliteOptions options_;
  std::unique_ptr<MemoryFolder> folder_;
  std::unique_ptr<Connection> writer_;
};

TEST(MemoryVfs, UsesWriteAheadLog) {
  MemoryDatabase database;
  auto mode = database.writer().Prepare("PRAGMA journal_mode");
  ASSERT_TRUE(*mode->Step());
  EXPECT_EQ(mode->Text(0), "wal");
}

TEST(MemoryVfs, FileSystemsAreIndependent) {
  MemoryDatabase one;
  MemoryDatabase other;
  ASSERT_EQ(one.writer().Execute("DELETE FROM t1 WHERE c1 > 0"), Status());
  EXPECT_EQ(MemoryDatabase::Sum(one.writer()), 1000);
  EXPECT_EQ(MemoryDatabase::Sum(other.writer()), 100'000);
}

TEST(MemoryVfs, ConcurrentReadersWriterAndCheckpoints) {
  MemoryDatabase database;
  std::atomic<bool> done{false};
  std::atomic<int> reads{0};
  std::vector<std::jthread> threads;
  for (int r = 0; r < 3; ++r) {
    threads.emplace_back([&, r] {
      auto reader = database.Open(Connection::Role::kReader);
      while (!done) {
        if (r == 0) reader = database.Open(Connection::Role::kReader);  // Reopen.
        ASSERT_EQ(MemoryDatabase::Sum(*reader), 100'000);
        ++reads;
      }
    });
  }
  threads.emplace_back([&] {
    auto other = database.Open(Connection::Role::kWriter);
    while (!done) {
      sqlite3_wal_checkpoint_v2(other->db(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
      std::this_thread::yield();
    }
  });
  for (int i = 0; i < 2000 || reads < 200; ++i) {
    const std::string from = std::to_string(i % 100);
    const std::string to = std::to_string((i * 7 + 13) % 100);
    ASSERT_EQ(database.writer().Execute(("BEGIN IMMEDIATE;"
                                         "UPDATE t1 SET c2 = c2 - 1 WHERE c1 = " +
                                         from + "; UPDATE t1 SET c2 = c2 + 1 WHERE c1 = " + to +
                                         "; COMMIT")
                                            .c_str()),
              Status());
  }
  done = true;
  threads.clear();
  auto check = database.writer().Prepare("PRAGMA integrity_check");
  ASSERT_TRUE(*check->Step());
  EXPECT_EQ(check->Text(0), "ok");
}

TEST(MemoryVfs, TheLogIsBounded) {
  MemoryDatabase database;
  for (int i = 0; i < 2000; ++i) {
    ASSERT_EQ(database.writer().Execute("UPDATE t1 SET c2 = c2 + 1"), Status());
  }
  sqlite3_file* log = nullptr;
  ASSERT_EQ(
      sqlite3_file_control(database.writer().db(), "main", SQLITE_FCNTL_JOURNAL_POINTER, &log),
      SQLITE_OK);
  ASSERT_NE(log->pMethods, nullptr);
  sqlite3_int64 size = 0;
  ASSERT_EQ(log->pMethods->xFileSize(log, &size), SQLITE_OK);
  EXPECT_GT(size, 0);
  EXPECT_LT(size, 2 << 20);  // 2000 changes of about 30 pages each.
}

}  // namespace
}  // namespace tql::storage::sqlite

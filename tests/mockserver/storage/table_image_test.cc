// Database files that were made without SQLite, read by SQLite.
#include "mockserver/storage/sqlite/table_image.h"

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace tql::storage::sqlite {
namespace {

using values::Datum;

constexpr const char* kTable = "CREATE TABLE t(i INTEGER, r ANY, s TEXT) STRICT";

class Database {
 public:
  Database() { EXPECT_EQ(sqlite3_open(":memory:", &db_), SQLITE_OK); }
  ~Database() { sqlite3_close(db_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  sqlite3* get() const { return db_; }
  void Run(const std::string& sql) const {
    EXPECT_EQ(sqlite3_exec(db_, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK)
        << sql << ": " << sqlite3_errmsg(db_);
  }
  std::string First(const std::string& sql) const {
    sqlite3_stmt* statement = nullptr;
    EXPECT_EQ(sqlite3_prepare_v2(db_, sql.c_str(), -1, &statement, nullptr), SQLITE_OK);
    std::string text = sqlite3_errmsg(db_);
    if (sqlite3_step(statement) == SQLITE_ROW) {
      text = reinterpret_cast<const char*>(sqlite3_column_text(statement, 0));
    }
    sqlite3_finalize(statement);
    return text;
  }

 private:
  sqlite3* db_ = nullptr;
};

std::vector<unsigned char> EmptyFile(const std::string& table) {
  const Database database;
  database.Run(table);
  sqlite3_int64 size = 0;
  unsigned char* const bytes = sqlite3_serialize(database.get(), "main", &size, 0);
  std::vector<unsigned char> file(bytes, bytes + size);
  sqlite3_free(bytes);
  return file;
}

/// Makes the file the database. It is borrowed.
void Show(std::span<unsigned char> file, const Database& database) {
  const auto size = static_cast<sqlite3_int64>(file.size());
  ASSERT_EQ(sqlite3_deserialize(database.get(), "main", file.data(), size, size,
                                SQLITE_DESERIALIZE_READONLY),
            SQLITE_OK);
}

/// The bits of a value, apart from their kind.
bool Same(const Datum& expected, sqlite3_value* found) {
  switch (sqlite3_value_type(found)) {
    case SQLITE_NULL:
      return expected.is_null();
    case SQLITE_INTEGER:
      return expected.kind() == Datum::Kind::kInteger &&
             expected.integer() == sqlite3_value_int64(found);
    case SQLITE_FLOAT: {
      const double real = sqlite3_value_double(found);
      return expected.kind() == Datum::Kind::kReal && real == expected.real() &&
             std::signbit(real) == std::signbit(expected.real());
    }
    default:
      return expected.kind() == Datum::Kind::kText &&
             expected.text() ==
                 std::string_view(reinterpret_cast<const char*>(sqlite3_value_text(found)),
                                  static_cast<std::size_t>(sqlite3_value_bytes(found)));
  }
}

void ExpectRows(const std::vector<std::vector<Datum>>& rows, const Database& database) {
  sqlite3_stmt* statement = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(database.get(), "SELECT * FROM t", -1, &statement, nullptr),
            SQLITE_OK)
      << sqlite3_errmsg(database.get());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW) << "row " << row;
    for (std::size_t i = 0; i < rows[row].size(); ++i) {
      EXPECT_TRUE(Same(rows[row][i], sqlite3_column_value(statement, static_cast<int>(i))))
          << "row " << row << ", column " << i;
    }
  }
  EXPECT_EQ(sqlite3_step(statement), SQLITE_DONE);
  sqlite3_finalize(statement);
}

/// Checks the rows and the structure of the file.
void ExpectImage(TableImage& image, const std::vector<std::vector<Datum>>& rows) {
  const Database database;
  Show(image.Finish(), database);
  ExpectRows(rows, database);
  // The page of a single leaf is copied to the root and then belongs to nothing.
  const std::string check = database.First("PRAGMA integrity_check");
  EXPECT_TRUE(check == "ok" || (check.find("never used") != check.npos &&
                                check.find('\n', check.find('\n') + 1) == check.npos))
      << check;
}

TEST(TableImageTest, NoRows) {
  TableImage image(EmptyFile(kTable));
  EXPECT_TRUE(image.empty());
  ExpectImage(image, {});
}

TEST(TableImageTest, EverySizeOfAnInteger) {
  TableImage image(EmptyFile(kTable));
  std::vector<std::vector<Datum>> rows;
  for (int bit = 0; bit < 63; ++bit) {
    for (const std::int64_t near : {-2, -1, 0, 1}) {
      for (const std::int64_t sign : {1, -1}) {
        const std::int64_t value = sign * ((std::int64_t{1} << bit) + near);
        rows.push_back({Datum::Integer(value), Datum::Null(), Datum::Null()});
      }
    }
  }
  rows.push_back(
      {Datum::Integer(std::numeric_limits<std::int64_t>::max()), Datum::Null(), Datum::Null()});
  rows.push_back(
      {Datum::Integer(std::numeric_limits<std::int64_t>::min()), Datum::Null(), Datum::Null()});
  for (const auto& row : rows) EXPECT_TRUE(image.Append(row));
  ExpectImage(image, rows);
}

TEST(TableImageTest, RealsKeepTheirBits) {
  TableImage image(EmptyFile(kTable));
  std::vector<std::vector<Datum>> rows;
  for (const double real : {0.0, -0.0, 1.0, -1.5, 1e300, std::numeric_limits<double>::denorm_min(),
                            std::numeric_limits<double>::infinity()}) {
    rows.push_back({Datum::Null(), Datum::Real(real), Datum::Text("")});
  }
  for (const auto& row : rows) EXPECT_TRUE(image.Append(row));
  const std::vector<Datum> not_a_number = {Datum::Null(), Datum::Real(std::nan("")), Datum::Null()};
  EXPECT_TRUE(image.Append(not_a_number));
  rows.push_back({Datum::Null(), Datum::Null(), Datum::Null()});  // as sqlite3_bind_double()
  ExpectImage(image, rows);
}

// The limits of what is on the leaf, on one overflow page, on two.
TEST(TableImageTest, EverySizeOfARowAroundTheLimits) {
  const std::string text(20'000, 'x');
  for (const std::size_t around : {0, 120, 4'050, 4'580, 8'140, 8'680, 12'240, 16'384}) {
    TableImage image(EmptyFile(kTable));
    std::vector<std::vector<Datum>> rows;
    for (std::size_t size = around; size < around + 100; ++size) {
      rows.push_back({Datum::Integer(static_cast<std::int64_t>(size)), Datum::Null(),
                      Datum::Text(std::string_view(text).substr(0, size))});
      EXPECT_TRUE(image.Append(rows.back()));
    }
    ExpectImage(image, rows);
  }
}

TEST(TableImageTest, RowsOnThreeLevels) {
  TableImage image(EmptyFile(kTable));
  const std::string text(3'000, 'y');
  std::vector<std::vector<Datum>> rows;
  for (std::int64_t i = 0; i < 700; ++i) {
    rows.push_back({Datum::Integer(i), Datum::Null(), Datum::Text(text)});
    EXPECT_TRUE(image.Append(rows.back()));
  }
  ExpectImage(image, rows);
  image.Clear();
  EXPECT_TRUE(image.empty());
  EXPECT_TRUE(image.Append(rows.front()));
  ExpectImage(image, {rows.front()});
}

// The record's header has one byte for itself up to 126 columns.
TEST(TableImageTest, EveryWidthOfATable) {
  for (const int width : {1, 2, 125, 126, 127, 128, 129, 600, 2'000}) {
    std::string sql = "CREATE TABLE t(c0 TEXT";
    for (int i = 1; i < width; ++i) sql += ", column_" + std::to_string(i) + " TEXT";
    TableImage image(EmptyFile(sql + ") STRICT"));
    std::vector<std::vector<Datum>> rows(3);
    const std::string text(80, 'z');  // its type has two bytes
    const std::string_view texts[] = {"", "z", text};
    for (std::size_t row = 0; row < rows.size(); ++row) {
      for (int i = 0; i < width; ++i) {
        rows[row].push_back(row == 0 ? Datum::Null() : Datum::Text(texts[row]));
      }
      EXPECT_TRUE(image.Append(rows[row]));
    }
    ExpectImage(image, rows);
  }
}

TEST(TableImageTest, RefusesRowsThatAreTooLarge) {
  TableImage image(EmptyFile(kTable));
  const std::string text(TableImage::kLargestRow, 'x');
  const std::vector<Datum> row = {Datum::Null(), Datum::Null(), Datum::Text(text)};
  EXPECT_FALSE(image.Append(row));
  EXPECT_TRUE(image.empty());
  const std::vector<Datum> largest = {Datum::Null(), Datum::Null(),
                                      Datum::Text(std::string_view(text).substr(100))};
  EXPECT_TRUE(image.Append(largest));
  ExpectImage(image, {largest});
}

TEST(TableImageTest, RandomRows) {
  std::mt19937_64 random(7);
  const auto below = [&](std::uint64_t end) { return random() % end; };
  for (int round = 0; round < 30; ++round) {
    std::vector<std::string> texts(2'000);
    std::vector<std::vector<Datum>> rows;
    TableImage image(EmptyFile(kTable));
    const std::uint64_t longest = std::uint64_t{1} << below(15);
    for (std::string& text : texts) {
      text.assign(below(longest), static_cast<char>('a' + below(26)));
      const auto integer = static_cast<std::int64_t>(random()) >> below(64);
      rows.push_back({below(9) == 0 ? Datum::Null() : Datum::Integer(integer),
                      below(9) == 0 ? Datum::Null() : Datum::Real(static_cast<double>(integer) / 3),
                      below(9) == 0 ? Datum::Null() : Datum::Text(text)});
      ASSERT_TRUE(image.Append(rows.back()));
    }
    ExpectImage(image, rows);
  }
}

// Without the transfer, SQLite would decode each row: some 20 steps of its machine.
TEST(TableImageTest, SqliteCopiesRowsWithoutDecodingThem) {
  TableImage image(EmptyFile(kTable));
  for (std::int64_t i = 0; i < 1'000; ++i) {
    const std::vector<Datum> row = {Datum::Integer(i), Datum::Real(0.5), Datum::Text("text")};
    EXPECT_TRUE(image.Append(row));
  }
  const Database database;
  database.Run(kTable);
  database.Run("ATTACH ':memory:' AS image");
  const auto file = image.Finish();
  const auto size = static_cast<sqlite3_int64>(file.size());
  ASSERT_EQ(sqlite3_deserialize(database.get(), "image", file.data(), size, size,
                                SQLITE_DESERIALIZE_READONLY),
            SQLITE_OK);
  sqlite3_stmt* statement = nullptr;
  ASSERT_EQ(sqlite3_prepare_v2(database.get(), "INSERT INTO main.t SELECT * FROM image.t", -1,
                               &statement, nullptr),
            SQLITE_OK);
  EXPECT_EQ(sqlite3_step(statement), SQLITE_DONE);
  EXPECT_LT(sqlite3_stmt_status(statement, SQLITE_STMTSTATUS_VM_STEP, 0), 6'000);
  sqlite3_finalize(statement);
  EXPECT_EQ(database.First("SELECT count(*) || sum(i) || max(s) FROM main.t"), "1000499500text");
  EXPECT_EQ(database.First("PRAGMA main.integrity_check"), "ok");
}

}  // namespace
}  // namespace tql::storage::sqlite

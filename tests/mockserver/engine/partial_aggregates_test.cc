// Aggregates from parts of a table are those of one statement, bit by bit. The expected values are
// SQLite's, which runs the same query as one statement.
#include "mockserver/engine/partial_aggregates.h"

#include <gtest/gtest.h>

#include <bit>
#include <memory>
#include <optional>
#include <random>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "mockserver/dialect/parser.h"
#include "mockserver/engine/binder.h"
#include "mockserver/engine/catalog.h"
#include "mockserver/engine/engine.h"
#include "mockserver/storage/sqlite/sqlite_storage.h"
#include "tests/support/text_sink.h"

namespace tql::engine {
namespace {

using values::Datum;
using Rows = std::vector<std::string>;

/// The kind and the bits of a value.
std::string TextOf(const Datum& value) {
  switch (value.kind()) {
    case Datum::Kind::kInteger:
      return "i" + std::to_string(value.integer());
    case Datum::Kind::kReal:
      return "r" + std::to_string(std::bit_cast<std::uint64_t>(value.real()));
    case Datum::Kind::kText:
      return "t" + std::string(value.text());
    case Datum::Kind::kNull:
      break;
  }
  return "null";
}

/// The rows of a cursor, and the error that ends them.
Rows RowsOf(const StatusOr<std::unique_ptr<storage::Cursor>>& cursor) {
  if (!cursor.ok()) return {cursor.status().ToString()};
  Rows rows;
  for (;;) {
    const StatusOr<bool> more = (*cursor)->Next();
    if (!more.ok()) rows.push_back(more.status().ToString());
    if (!more.ok() || !*more) return rows;
    std::string& row = rows.emplace_back();
    for (const Datum& value : (*cursor)->row()) row += TextOf(value) + "|";
  }
}

class PartialAggregatesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    storage::SqliteOptions options;
    options.divided_rows = 10;
    auto storage = storage::OpenSqlite(options);
    ASSERT_TRUE(storage.ok()) << storage.status();
    storage_ = storage->get();
    auto engine = Engine::Create(*std::move(storage), RandomGuidSource());
    ASSERT_TRUE(engine.ok()) << engine.status();
    engine_ = *std::move(engine);
    Run("create database d");
    context_.database = "d";
    Run("create table t (k int, g int, h varchar(0), i int, b bigint, x double, f float, "
        "s varchar(0), y date, z bool, primary key (k))");
    Run("create table mixed (g int, x double)");
    Run("create table small (g int)");
  }

  void Run(const std::string& text) {
    const auto statement = dialect::ParseStatement(text);
    ASSERT_TRUE(statement.ok()) << text;
    testing::TextSink sink;
    const Status status = engine_->Execute({.text = text,
                                            .statement = *statement,
                                            .context = context_,
                                            .options = options_,
                                            .cancellation = cancellation_},
                                           sink);
    ASSERT_TRUE(status.ok()) << text << ": " << status;
  }
  /// Inserts rows with values of all kinds, most of which occur more than once.
  void Fill(unsigned seed, int rows) {
    std::mt19937 random(seed);
    const auto one_of = [&](const std::vector<const char*>& choices) {
      return std::string(choices[random() % choices.size()]);
    };
    std::string text = "insert into t values ";
    for (int row = 0; row < rows; ++row) {
      if (row > 0) text += ", ";
      text += "(" + std::to_string(row * 2) + ", " + std::to_string(random() % 5) + ", " +
              one_of({"null", "''", "'a'", "'b'", "'B'", "'\xC3\xA4'", "'a b'"}) + ", " +
              one_of({"null", "0", "1", "-1", "2147483647", "-2147483648", "17"}) + ", " +
              one_of({"null", "0", "4611686018427387904", "-4611686018427387904", "-7",
                      "9007199254740993"}) +
              ", " +
              (random() % 2 == 0
                   ? std::to_string(random() % 100'000) + ".01"
                   : one_of({"null", "0.0", "-0.0", "1e300", "-1e300", "1e-300", "0.1", "3"})) +
              ", " + one_of({"null", "0.1", "1e30", "-1e30", "16777217"}) + ", 's" +
              std::to_string(random() % 1000) + "', " +
              one_of({"null", "'2020-01-01'", "'1969-12-31'", "'2021-06-30'"}) + ", " +
              one_of({"null", "true", "false"}) + ")";
    }
    Run(text);
    Run("delete from t where k % 14 = 6");
  }

  plan::Query Bind(const std::string& text) {
    const auto statement = dialect::ParseStatement(text);
    EXPECT_TRUE(statement.ok()) << text << ": " << statement.status();
    auto records = storage_->Load();
    EXPECT_TRUE(records.ok());
    Catalog catalog(*std::move(records), *storage_);
    auto query = BindQuery({*catalog.Read(), context_, text},
                           std::get<dialect::Select>(statement->node).query);
    EXPECT_TRUE(query.ok()) << text << ": " << query.status();
    return *std::move(query);
  }
  Rows Alone(const std::string& text, std::optional<std::int64_t> limit = std::nullopt,
             std::int64_t offset = 0) {
    plan::Query query = Bind(text);
    if (limit) query.limit = *limit;
    query.offset = offset;
    return RowsOf(storage_->Open(query, cancellation_));
  }
  /// nullopt if the statement is not computed from parts.
  std::optional<Rows> FromParts(const std::string& text,
                                std::optional<std::int64_t> limit = std::nullopt,
                                std::int64_t offset = 0) {
    plan::Query query = Bind(text);
    if (limit) query.limit = *limit;
    query.offset = offset;
    auto cursor = OpenPartialAggregates(*storage_, threads_, query, cancellation_);
    if (cursor.ok() && !*cursor) {
      // The query is unchanged.
      EXPECT_EQ(RowsOf(storage_->Open(query, cancellation_)), Alone(text, limit, offset)) << text;
      return std::nullopt;
    }
    return RowsOf(cursor);
  }

  ScanThreads threads_{4};
  storage::Storage* storage_ = nullptr;
  std::unique_ptr<Engine> engine_;
  Context context_;
  StatementOptions options_;
  storage::Cancellation cancellation_;
};

const char* const kPartial[] = {
    "select count(*), count(i), sum(i), avg(i), min(i), max(i) from t where g < 4",
    "select count(b), min(b), max(b), avg(b), stddev(b), variance(i) from t",
    "select sum(x), avg(x), min(x), max(x), sum(f), avg(f), min(f), max(f) from t where x < 1e200",
    "select sum(x), avg(x), sum(f) from t",
    "select min(s), max(s), count(s), min(h), max(h), min(y), max(y), min(z), max(z) from t",
    "select g, count(*) from t group by g",
    "select h, g, sum(x), avg(f) from t group by h, g",
    "select g, h, sum(x), sum(i), avg(b), min(x), max(f) from t group by h, g",
    "select count(*), g from t where x > 0.5 group by 2 order by 1 desc",
    "select h, count(*) as n from t group by h order by n",
    "select h, g, count(*) from t group by h, g order by h desc, g",
    "select h, g, count(*) from t group by h, g order by count(*) desc, h desc",
    "select h, g, count(*) from t group by h, g order by g",
    "select g from t group by g, h order by sum(x), h desc",
    "select g % 2, count(*), sum(g) from t group by g % 2",
    "select case when i > 0 then 'positive' else h end, min(x) from t group by 1",
    "select y, z, count(*) from t group by y, z",
    "select absyear(y), count(y) from t group by absyear(y)",
    "select sum(i + 1), sum(x * 2), min(h || s), max(i * 2 + g) from t",
    "select sum(case when g = 1 then x else i end) from t",
    "select g, sum(g) from t group by g order by sum(g) desc, g",
    "select g, g, count(*), count(*) from t group by g",
    // No rows.
    "select g, count(*) from t where g > 1000 group by g",
    "select count(*), sum(i), min(s), avg(x) from t where g > 1000",
    "select count(*) + 1, sum(i) * 2 from t where g > 1000",
    "select g + 1 from t where g > 1000 group by g",
    // Computed from keys and aggregates.
    "select g, sum(x) / count(*), avg(i) * 2 from t group by g",
    "select g + 1, 'constant', sum(i) + count(*) from t group by g order by 3 desc",
    "select g, count(*) from t group by g having count(*) > 10 and g <> 2",
    "select h, g from t group by h, g having sum(x) > 1 or h is null order by h desc, g",
    "select max(x) - min(x) from t",
    "select sum(g) * 9223372036854775807 from t",                         // fails
    "select g, 9223372036854775807 - 2 + g, count(*) from t group by g",  // in the third row
    "select case when count(*) > 3 then h else 'few' end, count(*) from t group by h, g",
    "select coalesce(h, 'none'), sum(i) from t group by h order by 1",
    "select sum(i) from t having count(*) > 5",
    "select sum(i) from t having count(*) > 5000000",
};

TEST_F(PartialAggregatesTest, AreThoseOfOneStatement) {
  for (const unsigned seed : {1U, 2U, 3U}) {
    Fill(seed, 700);
    for (const std::string text : kPartial) {
      EXPECT_EQ(FromParts(text), Alone(text)) << text;
      for (const std::int64_t limit : {0, 1, 3, 100'000}) {
        for (const std::int64_t offset : {0, 2, 1000}) {
          EXPECT_EQ(FromParts(text, limit, offset), Alone(text, limit, offset))
              << text << " limit " << limit << " offset " << offset;
        }
      }
    }
  }
}

TEST_F(PartialAggregatesTest, AreLeftToOneStatement) {
  Fill(4, 700);
  Run("insert into small values (1), (2), (3)");
  for (const char* const text : {
           "select count(*) from small where g > 0",
           "select g, count(*) from small group by g",
           "select count(*) from t",  // counted without reading the rows
           "select k, x from t",      // no aggregates
           "select count(k) from t",  // reads an index
           "select max(k) from t",    // the same
           "select sum(x) from t where k = 4",
           "select sum(x), k from t group by k",  // in the order of an index
           "select count(distinct g) from t",
           "select distinct count(*) from t group by g",
           "select x, count(*) from t group by x",  // 0.0 and -0.0
           "select stddev(x) from t",
           "select cast(h as int), count(*) from t where h = 'never' group by h",
           "select count(*) from t where g in (select g from small)",
           "select sum(g), (select max(g) from small) from t",
           "select sum(t.g) from t join small on t.g = small.g",
           "select sum(g) from (select g from t) u",
           "select g from t group by g union select g from small",
           // Errors, which are those of one statement.
           "select sum(b + 9000000000000000000) from t",
           "select sum(9223372036854775807) from t where i > 0",
           "select g, min(cast(s as int)) from t group by g",
           "select sum(b) * 4 from t where b = 4611686018427387904",
       }) {
    EXPECT_EQ(FromParts(text), std::nullopt) << text;
  }
}

/// A column of reals may have integers, e.g. from an INSERT with a SELECT.
TEST_F(PartialAggregatesTest, RealsMayBeKeptAsIntegers) {
  Fill(5, 500);
  Run("insert into mixed select g, i from t");
  Run("insert into mixed select g, x from t where x < 1e10");
  Run("insert into mixed select g, b from t");
  for (const char* const text :
       {"select sum(x), avg(x), min(x), max(x), count(x) from mixed where g < 100",
        "select g, sum(x), avg(x) from mixed group by g",
        "select g, min(x), max(x) from mixed group by g order by 2, 3",
        "select sum(x) from mixed where x = 17"}) {
    EXPECT_EQ(FromParts(text), Alone(text)) << text;
  }
}

TEST_F(PartialAggregatesTest, TooManyGroupsAreLeftToOneStatement) {
  std::string text = "insert into t (k, g, h) values ";
  for (int row = 0; row < 3000; ++row) {
    text.append(row > 0 ? ", (" : "(").append(std::to_string(row)).append(", ");
    text.append(std::to_string(row)).append(", '").append(8000, 'h');
    text.append(std::to_string(row)).append("')");
  }
  Run(text);
  EXPECT_EQ(FromParts("select g + 1, count(*) from t group by g"), std::nullopt);
  EXPECT_EQ(FromParts("select h, count(*) from t group by h"), std::nullopt);  // 24 MB
  const std::string many = "select g, count(*), max(h) from t where g < 1500 group by g";
  EXPECT_EQ(FromParts(many), Alone(many));
}

TEST_F(PartialAggregatesTest, ACancellationStopsThem) {
  Fill(6, 700);
  std::stop_source stop;
  cancellation_.stop = stop.get_token();
  stop.request_stop();
  plan::Query query = Bind("select g, sum(x) from t group by g");
  EXPECT_EQ(OpenPartialAggregates(*storage_, threads_, query, cancellation_).status().code(),
            StatusCode::kCancelled);
}

}  // namespace
}  // namespace tql::engine

// Responses as lines: rows that others have encoded are sent as if the sink had encoded them.
#include "mockserver/frontend/http/response_sink.h"

#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include "mockserver/engine/row_encoder.h"

namespace tql::frontend {
namespace {

class FixedClock : public engine::Clock {
 public:
  TimePoint Now() const override { return {}; }
  std::chrono::system_clock::time_point WallTime() const override { return {}; }
  engine::MachineClock::time_point MachineNow() const override { return {}; }
};

class Body : public BodyWriter {
 public:
  bool Write(std::string_view piece) override {
    text += piece;
    return text.size() < most;
  }
  bool Flush() override {
    flushed = text.size();
    return text.size() < most;
  }
  void LimitWrites(std::chrono::steady_clock::time_point /*deadline*/) override {}
  void End(const net::Cut& /*cut*/) override {}
  bool Gone() override { return text.size() >= most; }

  std::string text;
  std::size_t flushed = 0;
  std::size_t most = std::string::npos;
};

/// Writes every byte in upper case.
class Shouting : public service::BodyFilter {
 public:
  bool Pass(std::string_view bytes, service::BodyOutput& out) override {
    std::string loud;
    for (const char c : bytes) loud += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    return out.Write(loud);
  }
  bool Finish(service::BodyOutput& /*out*/) override { return true; }
};

using Row = std::vector<std::string>;

std::vector<std::string_view> CellsOf(const Row& row) { return {row.begin(), row.end()}; }

/// The body of a response with these rows. All rows of a batch but the first are encoded together,
/// if `encoded` is set.
std::string BodyOf(const std::vector<std::vector<Row>>& batches, bool encoded,
                   service::BodyFilter* filter = nullptr) {
  Body body;
  const FixedClock clock;
  std::uint64_t bytes = 0;
  const WireVariant variant;
  HttpResponseSink sink(body, clock, variant, bytes);
  engine::StatementSink& statement = sink.BeginStatement({.text = {}, .last = true});
  if (filter != nullptr) sink.control()->FilterBody(filter);
  const std::vector<engine::Column> columns(
      2, {.name = "a", .type = {.kind = values::TypeKind::kVarchar}});
  EXPECT_TRUE(statement.Begin({.database = "d"}));
  EXPECT_TRUE(statement.Header(columns));
  for (const std::vector<Row>& batch : batches) {
    engine::EncodedRows rows;
    for (const Row& row : batch) {
      if (!encoded || &row == &batch.front()) {
        EXPECT_TRUE(statement.Row(CellsOf(row)));
      } else {
        statement.row_encoder()->Append(CellsOf(row), rows.bytes);
        ++rows.rows;
      }
    }
    if (rows.rows > 0) {
      EXPECT_TRUE(statement.Rows(rows));
    }
  }
  EXPECT_TRUE(statement.Message(engine::MessageType::kInfo, "done"));
  statement.End();
  sink.Finish();
  EXPECT_EQ(bytes, body.text.size());
  return body.text;
}

std::vector<std::vector<Row>> Batches() {
  const std::string large(40'000, 'x');
  return {{{"1", "a\"<b>"}},
          {{"2", ""}, {"3", "\xC3\xA4\xFF"}, {"4", "\n"}},
          {{"5", "x"}, {"6", large}, {"7", large}, {"8", large}},
          {{"9", large},
           {"10", large},
           {"11", large},
           {"12", large},
           {"13", large},
           {"14", large},
           {"15", large},
           {"16", large}},
          {{"17", "x"}, {"18", "y"}}};
}

TEST(HttpResponseSinkTest, EncodedRowsAreAsIfWrittenOneByOne) {
  const std::string expected = BodyOf(Batches(), false);
  EXPECT_GT(expected.size(), 400'000U);
  EXPECT_EQ(BodyOf(Batches(), true), expected);
  Shouting one_by_one;
  Shouting together;
  const std::string loud = BodyOf(Batches(), false, &one_by_one);
  EXPECT_NE(loud, expected);
  EXPECT_EQ(BodyOf(Batches(), true, &together), loud);
}

TEST(HttpResponseSinkTest, OtherFormsOfCellsAreNotEncodedByOthers) {
  Body body;
  const FixedClock clock;
  std::uint64_t bytes = 0;
  for (const char* const name : {"cell-objects", "lowercase-strings", "date-time"}) {
    const std::string names[] = {name};
    const WireVariant variant = ParseWireVariant(names).value();
    HttpResponseSink sink(body, clock, variant, bytes);
    const bool plain = sink.BeginStatement({}).row_encoder() != nullptr;
    EXPECT_EQ(plain, std::string_view(name) == "date-time") << name;
  }
}

TEST(HttpResponseSinkTest, EncodedRowsAreSentAtOnceIfTheyAreManyOrTheFirst) {
  Body body;
  const FixedClock clock;
  std::uint64_t bytes = 0;
  const WireVariant variant;
  HttpResponseSink sink(body, clock, variant, bytes);
  engine::StatementSink& statement = sink.BeginStatement({.text = {}, .last = true});
  statement.Begin({});
  statement.Header({});
  const std::vector<std::string_view> cells = {"x"};
  EXPECT_TRUE(statement.Row(cells));
  const auto encode = [&](std::size_t count) {
    engine::EncodedRows rows;
    for (; rows.rows < count; ++rows.rows) statement.row_encoder()->Append(cells, rows.bytes);
    return rows;
  };
  engine::EncodedRows few = encode(62);
  EXPECT_TRUE(statement.Rows(few));
  EXPECT_EQ(body.flushed, 0U);
  engine::EncodedRows first = encode(1);
  EXPECT_TRUE(statement.Rows(first));
  EXPECT_GT(body.flushed, 64U);
  const std::size_t before = body.flushed;
  engine::EncodedRows more = encode(1000);
  EXPECT_TRUE(statement.Rows(more));
  EXPECT_EQ(body.flushed, before);
  engine::EncodedRows many = encode(30'000);
  EXPECT_TRUE(statement.Rows(many));
  EXPECT_GT(body.flushed, 300'000U);
  body.most = 1;
  engine::EncodedRows last = encode(30'000);
  EXPECT_FALSE(statement.Rows(last));
}

}  // namespace
}  // namespace tql::frontend

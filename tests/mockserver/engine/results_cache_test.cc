#include "mockserver/engine/results_cache.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/engine/visit_options.h"

#include "mockserver/engine/row_encoder.h"

namespace tql::engine {
namespace {

/// A sink that accepts everything.
class AnySink : public StatementSink {
 public:
  bool OnProgress(std::span<const Progress> /*stages*/) override { return true; }
  bool OnQuestion(const Question& /*question*/) override { return true; }
  bool Begin(const Context& /*context*/) override { return true; }
  bool Header(std::span<const Column> /*columns*/) override { return true; }
  bool Row(std::span<const std::string_view> cells) override {
    for (const std::string_view cell : cells) rows_.append(cell).append("|");
    return true;
  }
  bool Message(MessageType /*type*/, std::string_view text) override {
    rows_.append(text);
    return true;
  }
  void End() override {}
  const std::string& rows() const { return rows_; }

 private:
  std::string rows_;
};

constexpr std::size_t kBudget = std::size_t{64} << 10;

ResultsCache::Result ResultOf(const std::string& cell, std::size_t most = kBudget) {
  AnySink sink;
  ResultRecorder recorder(sink, {.schema_version = 1, .tables = {}, .data_version = 0}, most);
  recorder.Begin({.database = "d", .schema = "s", .server_schema_version = 1});
  const Column column{"a", {values::TypeKind::kVarchar}};
  recorder.Header({&column, 1});
  const std::string_view view = cell;
  recorder.Row({&view, 1});
  recorder.Row({&view, 1});
  recorder.Message(MessageType::kInfo, "ok");
  recorder.End();
  return recorder.Take();
}

class ResultsCacheTest : public ::testing::Test {
 protected:
  ResultQuestion Ask(std::string_view text) const {
    return {.engine = 1, .text = text, .context = context_, .options = options_};
  }
  ResultsCache cache_{kBudget};
  Context context_;
  StatementOptions options_;
};

TEST_F(ResultsCacheTest, RepeatsTheCalls) {
  AnySink sink;
  EXPECT_TRUE(ResultOf("x")->WriteTo(sink));
  EXPECT_EQ(sink.rows(), "x|x|ok");
}

TEST_F(ResultsCacheTest, DistinguishesWhatAResultDependsOn) {
  cache_.Keep(Ask("select 1"), ResultOf("x"));
  EXPECT_TRUE(cache_.Find(Ask("select 1")));
  EXPECT_FALSE(cache_.Find(Ask("select 2")));
  ResultQuestion other = Ask("select 1");
  other.engine = 2;
  EXPECT_FALSE(cache_.Find(other));
  const Context in_e{.database = "e"};
  EXPECT_FALSE(
      cache_.Find({.engine = 1, .text = "select 1", .context = in_e, .options = options_}));
}

/// The options on which the result of a SELECT does not depend.
const std::set<std::string_view> kWithoutEffectOnResults = {
    // How statements are executed.
    "use_jit", "skip_cache", "allow_unsafe", "progress_wrapper_timeout_sec",
    "offlining_during_resharding_default", "continue_execution_on_error",
    // The texts of SHOW, SCRIPT and CREATE.
    "format_output", "field_separator", "row_separator", "add_database", "script_comments",
    "script_extensions", "script_guids", "script_parsing_hints", "script_schema_versions",
    "input_row_size_fetch_max_rows", "generate_guids_in_ddl"};

void Change(bool& value) { value = !value; }
void Change(std::int64_t& value) { ++value; }
void Change(std::string& value) { value += 'x'; }

TEST_F(ResultsCacheTest, DistinguishesTheOptionsThatAResultDependsOn) {
  cache_.Keep(Ask("select 1"), ResultOf("x"));
  std::vector<std::string_view> names;
  VisitOptions(options_, [&](const base::RequestOption& option, const auto& /*value*/) {
    names.push_back(option.name);
  });
  ASSERT_FALSE(names.empty());
  for (const std::string_view name : names) {
    options_ = {};
    VisitOptions(options_, [&](const base::RequestOption& option, auto& value) {
      if (option.name == name) Change(value);
    });
    EXPECT_EQ(cache_.Find(Ask("select 1")) != nullptr, kWithoutEffectOnResults.contains(name))
        << name;
  }
  options_ = {};
  options_.interactive = false;
  EXPECT_TRUE(cache_.Find(Ask("select 1")));
}

TEST_F(ResultsCacheTest, RemembersWhatWasAsked) {
  EXPECT_FALSE(cache_.AskedBefore(Ask("select 1")));
  EXPECT_FALSE(cache_.AskedBefore(Ask("select 2")));
  EXPECT_TRUE(cache_.AskedBefore(Ask("select 1")));
}

TEST_F(ResultsCacheTest, LetsOthersEncodeRowsOnceTheResultIsTooLarge) {
  class EncodedSink : public AnySink, public RowEncoder {
   public:
    void Append(std::span<const std::string_view> cells, std::string& out) const override {
      out += cells[0];
    }
    const RowEncoder* row_encoder() override { return this; }
    bool Rows(EncodedRows& rows) override { return rows.bytes == "encoded"; }
  };
  EncodedSink sink;
  ResultRecorder recorder(sink, {.schema_version = 1, .tables = {}, .data_version = 0}, 2000);
  recorder.Begin({.database = "d", .schema = "s", .server_schema_version = 1});
  const std::string cell(1000, 'x');
  const std::string_view view = cell;
  recorder.Row({&view, 1});
  EXPECT_EQ(recorder.row_encoder(), nullptr);
  recorder.Row({&view, 1});
  EXPECT_EQ(recorder.row_encoder(), &sink);
  EncodedRows rows{.bytes = "encoded", .rows = 1, .cell_bytes = 7};
  EXPECT_TRUE(recorder.Rows(rows));
  EXPECT_FALSE(recorder.Take());
}

TEST_F(ResultsCacheTest, DropsTheLeastRecentlyUsed) {
  const std::string cell(1000, 'x');
  cache_.Keep(Ask("select first"), ResultOf(cell));
  for (int i = 0; i < 200; ++i) {
    cache_.Keep(Ask("select " + std::to_string(i)), ResultOf(cell));
    EXPECT_TRUE(cache_.Find(Ask("select first"))) << i;
    EXPECT_LE(cache_.bytes(), kBudget);
  }
  EXPECT_FALSE(cache_.Find(Ask("select 0")));
  EXPECT_TRUE(cache_.Find(Ask("select 199")));
  EXPECT_GT(cache_.bytes(), kBudget / 2);
}

TEST_F(ResultsCacheTest, KeepsNoLargeResult) {
  EXPECT_FALSE(ResultOf(std::string(kBudget, 'x'), cache_.most_bytes_of_a_result()));
  cache_.Keep(Ask("select 1"), ResultOf(std::string(kBudget / 4, 'x')));
  EXPECT_FALSE(cache_.Find(Ask("select 1")));
  EXPECT_EQ(cache_.bytes(), 0U);
}

TEST_F(ResultsCacheTest, DropsOnlyTheResultThatWasFound) {
  const auto old = ResultOf("old");
  cache_.Keep(Ask("select 1"), old);
  cache_.Keep(Ask("select 1"), ResultOf("new"));
  cache_.Drop(Ask("select 1"), old);
  EXPECT_TRUE(cache_.Find(Ask("select 1")));
  cache_.Drop(Ask("select 1"), cache_.Find(Ask("select 1")));
  EXPECT_FALSE(cache_.Find(Ask("select 1")));
  EXPECT_EQ(cache_.bytes(), 0U);
}

TEST_F(ResultsCacheTest, RecordsNoResultOfAnotherVersionOrWithAWarning) {
  AnySink sink;
  ResultRecorder later(sink, {.schema_version = 1, .tables = {}, .data_version = 0}, kBudget);
  later.Begin({.database = "", .server_schema_version = 2});
  EXPECT_FALSE(later.Take());
  ResultRecorder warned(sink, {.schema_version = 1, .tables = {}, .data_version = 0}, kBudget);
  warned.Begin({.database = "", .server_schema_version = 1});
  warned.Message(MessageType::kWarning, "w");
  EXPECT_FALSE(warned.Take());
}

}  // namespace
}  // namespace tql::engine

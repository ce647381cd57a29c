#include "mockserver/testdouble/strict.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "mockserver/dialect/parser.h"

namespace tql::testdouble {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

dialect::Statement Parsed(std::string_view text) {
  auto statement = dialect::ParseStatement(text);
  EXPECT_TRUE(statement.ok()) << statement.status();
  return *std::move(statement);
}

TEST(StrictTest, ObjectsToLittleEvidence) {
  const dialect::Statement statement = Parsed("show statistics for database d");
  EXPECT_THAT(ObjectionsTo(statement, mockpb::Settings::INFERRED), IsEmpty());
  EXPECT_THAT(
      ObjectionsTo(statement, mockpb::Settings::SAMPLE),
      ElementsAre("the evidence for SHOW STATISTICS with FOR DATABASE is INFERRED, required "
                  "SAMPLE"));
  EXPECT_THAT(ObjectionsTo(Parsed("show statistics for server"), mockpb::Settings::DOCUMENTED),
              IsEmpty());
}

TEST(StrictTest, ObjectsToWhatHasNoEffect) {
  EXPECT_THAT(
      ObjectionsTo(Parsed("create table t (a varchar(3) not null)"), mockpb::Settings::INFERRED),
      ElementsAre("CREATE TABLE with VARCHAR(n) has no effect: n is shown, not enforced",
                  "CREATE TABLE with NOT NULL has no effect: not enforced"));
  EXPECT_THAT(ObjectionsTo(Parsed("create table t (a varchar(0))"), mockpb::Settings::INFERRED),
              IsEmpty());
  const OptionValue options[] = {{"adv_options.allow_unsafe", "true"},
                                 {"adv_options.use_jit", "false"}};
  // Each option has an effect and is documented.
  EXPECT_THAT(ObjectionsTo(options, mockpb::Settings::DOCUMENTED), IsEmpty());
}

TEST(StrictTest, ObjectsToCalls) {
  using service::Evidence;
  EXPECT_THAT(ObjectionsToCall("GET /a", Evidence::kClient, mockpb::Settings::DOCUMENTED),
              ElementsAre("the evidence for GET /a is CLIENT, required DOCUMENTED"));
  EXPECT_THAT(ObjectionsToCall("GET /a", Evidence::kClient, mockpb::Settings::CLIENT), IsEmpty());
}

TEST(StrictTest, FindsUnknownFields) {
  pb::ExecuteQueryRequest request;
  request.mutable_query()->set_statement("help");
  EXPECT_THAT(UnknownFieldsOf(request), IsEmpty());
  // Field 77, twice, and field 78 of the query: varints.
  std::string bytes = request.SerializeAsString();
  bytes += "\xE8\x04\x01\xE8\x04\x02";
  ASSERT_TRUE(request.ParseFromString(bytes));
  ASSERT_TRUE(request.mutable_query()->MergeFromString(std::string("\xF0\x04\x01", 3)));
  EXPECT_THAT(UnknownFieldsOf(request), ElementsAre("77", "query.78"));
  std::string many;
  for (int field = 100; field < 200; ++field) {
    const int tag = field << 3;
    many += {static_cast<char>((tag & 0x7F) | 0x80), static_cast<char>(tag >> 7), '\x01'};
  }
  ASSERT_TRUE(request.ParseFromString(many));
  EXPECT_THAT(UnknownFieldsOf(request), SizeIs(20));
}

TEST(StrictTest, KnowsTheDefaultMaximumOfRows) {
  EXPECT_TRUE(HasDefaultLimit(Parsed("select a from t"), nullptr));
  EXPECT_TRUE(HasDefaultLimit(Parsed("select a from t union select b from t"), nullptr));
  for (const char* text : {"select top 3 a from t", "select a from t limit 3",
                           "select a into u from t", "show tables", "delete from t"}) {
    EXPECT_FALSE(HasDefaultLimit(Parsed(text), nullptr)) << text;
  }
  pb::TqlOptions options;
  EXPECT_TRUE(HasDefaultLimit(Parsed("select a from t"), &options));
  options.mutable_query_options()->set_query_results_apply_top_row_count(50);
  EXPECT_FALSE(HasDefaultLimit(Parsed("select a from t"), &options));
}

}  // namespace
}  // namespace tql::testdouble

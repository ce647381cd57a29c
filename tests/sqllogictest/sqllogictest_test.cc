// The file format and the formatting of values by the runner.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "tests/sqllogictest/dialect_map.h"
#include "tests/sqllogictest/runner.h"

namespace tql::slt {
namespace {

StatusOr<std::vector<Record>> Read(const std::string& text) {
  const std::string path =
      ::testing::TempDir() + "/sqllogictest-format-" + std::to_string(getpid()) + ".slt";
  std::ofstream(path) << text;
  auto records = ReadTestFile(path, "tql");
  std::remove(path.c_str());
  return records;
}

TEST(TestFileTest, ReadsEveryKindOfRecord) {
  const auto records = Read(
      "# a comment\nhash-threshold 3\n\nstatement ok\nCREATE TABLE t(\n  a INTEGER)\n\n"
      "statement error\nnonsense\n\nquery IT rowsort name\nSELECT 1, 'x'\n----\n1\nx\n\n"
      "skipif tql\nstatement ok\nskipped\n\nonlyif other\nonlyif tql\nstatement ok\nskipped\n\n"
      "skipif other\nquery R valuesort\nSELECT 2\n\nonlyif tql\nhalt\n\nstatement ok\nbehind\n");
  ASSERT_TRUE(records.ok()) << records.status();
  ASSERT_EQ(records->size(), 4U);
  EXPECT_EQ((*records)[0].sql, "CREATE TABLE t(\n  a INTEGER)\n");
  EXPECT_EQ((*records)[0].line, 4);
  EXPECT_EQ((*records)[1].kind, Record::Kind::kStatementError);
  EXPECT_EQ((*records)[2].types, "IT");
  EXPECT_EQ((*records)[2].label, "name");
  EXPECT_EQ((*records)[2].sort, SortMode::kRows);
  EXPECT_EQ((*records)[2].expected, (std::vector<std::string>{"1", "x"}));
  EXPECT_EQ((*records)[3].sort, SortMode::kValues);
  EXPECT_TRUE((*records)[3].expected.empty());
}

TEST(TestFileTest, ReportsLineOfSyntaxError) {
  for (const char* text : {"nonsense\n", "\nstatement maybe\nx\n", "query XY\nSELECT 1\n",
                           "query I anysort\nSELECT 1\n", "statement ok\n\n", "skipif\n"}) {
    const auto records = Read(text);
    EXPECT_EQ(records.status().code(), StatusCode::kInvalidArgument) << text;
    EXPECT_EQ(records.status().message().rfind("line ", 0), 0U) << records.status();
  }
}

TEST(ValueTextTest, FollowsTheTypeLetter) {
  RowShape shape;
  shape.null_string = "-";
  const Row row =
      Row::Owned(shape, {"7", "7.96", "-", "", "a\tb\xC3\xA9", "true", "1e3", "12 men", "men"});
  EXPECT_EQ(ValueText('I', row, 0), "7");
  EXPECT_EQ(ValueText('R', row, 0), "7.000");
  EXPECT_EQ(ValueText('I', row, 1), "7");
  EXPECT_EQ(ValueText('R', row, 1), "7.960");
  EXPECT_EQ(ValueText('T', row, 2), "NULL");
  EXPECT_EQ(ValueText('T', row, 3), "(empty)");
  EXPECT_EQ(ValueText('T', row, 4), "a@b@@");
  EXPECT_EQ(ValueText('I', row, 5), "1");
  EXPECT_EQ(ValueText('I', row, 6), "1000");
  EXPECT_EQ(ValueText('I', row, 7), "12");
  EXPECT_EQ(ValueText('I', row, 8), "0");
}

TEST(SortTest, SortsRowsOrValues) {
  const std::vector<std::string> values = {"2", "b", "10", "a"};
  std::vector<std::string> sorted = values;
  Sort(SortMode::kNone, 2, sorted);
  EXPECT_EQ(sorted, values);
  Sort(SortMode::kRows, 2, sorted);
  EXPECT_EQ(sorted, (std::vector<std::string>{"10", "a", "2", "b"}));
  Sort(SortMode::kValues, 2, sorted);
  EXPECT_EQ(sorted, (std::vector<std::string>{"10", "2", "a", "b"}));
}

TEST(HashTextTest, IsMd5OfLines) {
  // printf '1\n2\n' | md5sum
  EXPECT_EQ(HashText({"1", "2"}), "2 values hashing to 6ddb4095eb719e2a9f0a3f95677d24e0");
}

TEST(ToTqlTest, MapsDefinitionsAlone) {
  EXPECT_EQ(ToTql("CREATE INDEX i ON t(a)"), std::nullopt);
  EXPECT_EQ(ToTql("create unique index i ON t(a)"), std::nullopt);
  EXPECT_EQ(ToTql("CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT)\n"),
            "CREATE TABLE t(a INTEGER, b VARCHAR(0), PRIMARY KEY (a))");
  EXPECT_EQ(ToTql("CREATE TABLE t(a INTEGER, PRIMARY KEY (a))"),
            "CREATE TABLE t(a INTEGER, PRIMARY KEY (a))");
  EXPECT_EQ(ToTql("CREATE TABLE t(a INTEGER UNIQUE, b TEXT UNIQUE, UNIQUE (a, b))"),
            "CREATE TABLE t(a INTEGER, b VARCHAR(0))");
  EXPECT_EQ(ToTql("SELECT text FROM t"), "SELECT text FROM t");
}

TEST(ToTqlTest, SkipsBeginAndCommit) {
  for (const char* sql : {"BEGIN", "begin transaction;", "COMMIT\n", "END"}) {
    EXPECT_EQ(ToTql(sql), std::nullopt) << sql;
  }
  EXPECT_EQ(ToTql("ROLLBACK"), "ROLLBACK");
}

}  // namespace
}  // namespace tql::slt

#include "tools/tql/render/show_records.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>

namespace tql::shell {
namespace {

/// Writes "[a,b]" for the names, "(1,2)" for a row, "." for the end and "!" for a failure.
class Recorder : public Renderer {
 public:
  explicit Recorder(std::string* out) : text(*out) {}
  void Begin(const std::vector<Column>& columns) override {
    text += '[';
    for (const Column& column : columns) text += column.name + ",";
    text += ']';
  }
  void Row(RowView cells) override {
    text += '(';
    for (const std::string_view cell : cells) text += std::string(cell) + ",";
    text += ')';
  }
  void End() override { text += '.'; }
  void Fail() override { text += '!'; }

  std::string& text;
};

enum class Ending { kWhole, kFailed };

std::string Read(std::string_view text, std::size_t piece,
                 std::string_view statement = "show tables", Ending ending = Ending::kWhole) {
  std::string recorded;
  ShowRecords records(std::make_unique<Recorder>(&recorded), statement);
  for (; !text.empty(); text.remove_prefix(std::min(piece, text.size()))) {
    records.Add(text.substr(0, piece));
  }
  ending == Ending::kFailed ? records.Fail() : records.End();
  return recorded;
}

// The table in section 6.3 of the reference.
constexpr std::string_view kTables =
    "Schema Name          |Table Name        |Guid|Type\n"
    "---------------------|------------------|----|----------------\n"
    "falcon_default_schema|ts_user           |1014|UNKNOWN\n"
    "falcon_default_schema|ts_group_privilege|a318|\n";

TEST(ShowRecordsTest, SplitsColumnsAtDashes) {
  for (const std::size_t piece : {1, 7, 1000}) {
    EXPECT_EQ(Read(kTables, piece),
              "[Schema Name,Table Name,Guid,Type,](falcon_default_schema,ts_user,1014,UNKNOWN,)"
              "(falcon_default_schema,ts_group_privilege,a318,,).");
  }
}

TEST(ShowRecordsTest, NamesWithBarsAndLineBreaks) {
  EXPECT_EQ(Read("Name  |Type\n------|----\na|b   |x\nc\nd   |y\né     |z|z\n", 1000),
            "[Name,Type,](a|b,x,)(c\nd,y,)(é,z|z,).");
  EXPECT_EQ(Read("Name|Type\n----|----\n----|----\n", 1000), "[Name,Type,](----,----,).");
}

TEST(ShowRecordsTest, RowsWithOtherPadding) {
  EXPECT_EQ(Read("Name|Type\n----|----\nlonger|x\na|b\nc|d\ne|f\n", 1000),
            "[Name,Type,](longer,x,)(a,b,)(c,d,)(e,f,).");
  EXPECT_EQ(Read("Name  |Type\n------|----\nshort\n", 1000), "[Name,Type,](short,,).");
}

TEST(ShowRecordsTest, LinesWithoutAHeader) {
  EXPECT_EQ(Read("one\ntwo\n", 1000), "[Database Name,](one,)(two,).");
  EXPECT_EQ(Read("one", 2), "[Database Name,](one,).");
  EXPECT_EQ(Read("a\n-\nb|c", 2, "SHOW DATABASES"), "[Database Name,](a,)(-,)(b|c,).");
  EXPECT_EQ(Read("", 1, "show databases"), "[Database Name,].");
}

TEST(ShowRecordsTest, AFailure) {
  EXPECT_EQ(Read("", 1, "show tables", Ending::kFailed), "");
  EXPECT_EQ(Read("one\n", 9, "show databases", Ending::kFailed), "[Database Name,](one,)!");
  EXPECT_EQ(Read(kTables, 9, "show tables", Ending::kFailed).back(), '!');
}

TEST(ShowRecordsTest, AppliesToShowInMachineFormats) {
  EXPECT_TRUE(ShowRecords::Applies("show tables", Format::kJson));
  EXPECT_TRUE(ShowRecords::Applies("/* c */ SHOW DATABASES", Format::kCsv));
  EXPECT_FALSE(ShowRecords::Applies("show tables", Format::kTql));
  EXPECT_FALSE(ShowRecords::Applies("show tables", Format::kAligned));
  EXPECT_FALSE(ShowRecords::Applies("script server", Format::kJson));
  EXPECT_FALSE(ShowRecords::Applies("", Format::kJson));
}

}  // namespace
}  // namespace tql::shell

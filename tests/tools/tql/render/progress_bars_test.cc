#include "tools/tql/render/progress_bars.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tools/tql/render/characters.h"

namespace tql::shell {
namespace {

using std::chrono::milliseconds;

constexpr ProgressBars::Time kStart{std::chrono::hours(1)};
constexpr ProgressBars::Size kSize{40, 24};

Progress Of(const std::string& id, const std::string& label, int percentage) {
  return {id, label, percentage, ""};
}

TEST(ProgressBarsTest, HiddenForFirst300Milliseconds) {
  ProgressBars bars;
  bars.Begin(kStart);
  EXPECT_EQ(bars.due(), std::nullopt);
  bars.Update(Of("1", "load", 10));
  EXPECT_EQ(bars.due(), kStart + milliseconds(300));
  EXPECT_EQ(bars.Draw(kStart + milliseconds(299), kSize), "");
  EXPECT_EQ(bars.Erase(), "");
  EXPECT_EQ(bars.Draw(kStart + milliseconds(300), kSize),
            "load [##.........................]  10%");
  EXPECT_EQ(bars.due(), std::nullopt);
}

TEST(ProgressBarsTest, TenRedrawsASecond) {
  ProgressBars bars;
  bars.Begin(kStart);
  int redraws = 0;
  for (int i = 0; i < 1000; ++i) {
    bars.Update(Of("1", "load", i / 10));
    if (!bars.Draw(kStart + milliseconds(300 + i), kSize).empty()) ++redraws;
  }
  EXPECT_EQ(redraws, 10);
}

TEST(ProgressBarsTest, OneLinePerId) {
  ProgressBars bars;
  bars.Begin(kStart);
  bars.Update(Of("1", "one", 0));
  bars.Update(Of("2", "two", 100));
  EXPECT_EQ(bars.Draw(kStart + milliseconds(300), {20, 24}),
            "one [........]   0%\ntwo [########] 100%");
  bars.Update(Of("1", "one", 50));
  EXPECT_EQ(bars.Draw(kStart + milliseconds(400), {20, 24}),
            "\r\x1b[1A\x1b[Jone [####....]  50%\ntwo [########] 100%");
  EXPECT_EQ(bars.Erase(), "\r\x1b[1A\x1b[J");
  EXPECT_EQ(bars.Erase(), "");
}

TEST(ProgressBarsTest, LimitedToTerminalHeight) {
  ProgressBars bars;
  bars.Begin(kStart);
  for (const char* id : {"1", "2", "3", "4"}) bars.Update(Of(id, id, -1));
  EXPECT_EQ(bars.Draw(kStart + milliseconds(300), {20, 3}), "3\n4");
}

TEST(ProgressBarsTest, LinesFitAnyWidth) {
  const Progress wide{"1", "本本本 e\xCC\x81 of the table", 7, "some \x1b[2Jdetails 本本"};
  for (std::size_t columns = 5; columns < 120; ++columns) {
    const std::string line = ProgressBars::Line(wide, columns);
    EXPECT_LE(DisplayWidth(line), columns) << line;
    EXPECT_THAT(line, testing::HasSubstr("7%"));
    EXPECT_THAT(line, testing::Not(testing::HasSubstr("\x1b")));
  }
  EXPECT_EQ(ProgressBars::Line({"", "ab", 7, "cd"}, 60),
            "ab [##............................]   7% cd");
  EXPECT_EQ(ProgressBars::Line({"", "abcdefghijklmnopqrstuvwxyz", 7, "x"}, 19),
            "abcdefghijklmn   7%");
  EXPECT_EQ(ProgressBars::Line({"", "rows", -1, "12"}, 19), "rows 12");
}

TEST(ProgressBarsTest, NextStatementStartsWithoutBars) {
  ProgressBars bars;
  bars.Begin(kStart);
  bars.Update(Of("1", "one", 0));
  bars.Begin(kStart + milliseconds(200));
  bars.Update(Of("2", "two", -1));
  EXPECT_EQ(bars.Draw(kStart + milliseconds(499), kSize), "");
  EXPECT_EQ(bars.Draw(kStart + milliseconds(500), kSize), "two");
}

TEST(FirstColumnsTest, WholeCharacters) {
  EXPECT_EQ(FirstColumns("a本b", 2), "a");
  EXPECT_EQ(FirstColumns("a本b", 3), "a本");
  EXPECT_EQ(FirstColumns("e\xCC\x81x", 1), "e\xCC\x81");
  EXPECT_EQ(FirstColumns("\U0001F468\u200D\U0001F467x", 1), "");
  EXPECT_EQ(FirstColumns("\U0001F468\u200D\U0001F467x", 2), "\U0001F468\u200D\U0001F467");
  EXPECT_EQ(FirstColumns("", 0), "");
}

}  // namespace
}  // namespace tql::shell

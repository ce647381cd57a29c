#include "tools/tqlmockd/values.h"

#include <gtest/gtest.h>

namespace tqlmockd {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ValuesTest, SplitsUserAtFirstColon) {
  const auto user = ParseUser("a&b=c:p%:w 1");
  ASSERT_TRUE(user.ok());
  EXPECT_EQ(user->name, "a&b=c");
  EXPECT_EQ(user->password, "p%:w 1");
  for (const char* bad : {"", "hunter2", ":hunter2", "hunter2:"}) {
    const auto status = ParseUser(bad).status();
    EXPECT_EQ(status.code(), tql::StatusCode::kInvalidArgument) << bad;
    EXPECT_EQ(status.message().find("hunter2"), std::string::npos) << bad;
  }
}

TEST(ValuesTest, TimesHaveUnits) {
  EXPECT_EQ(ParseMilliseconds("0").value(), milliseconds(0));
  EXPECT_EQ(ParseMilliseconds("90").value(), seconds(90));
  EXPECT_EQ(ParseMilliseconds("90s").value(), seconds(90));
  EXPECT_EQ(ParseMilliseconds("250ms").value(), milliseconds(250));
  EXPECT_EQ(ParseMilliseconds("30m").value(), seconds(1800));
  EXPECT_EQ(ParseMilliseconds("24h").value(), seconds(86400));
  EXPECT_EQ(ParseSeconds("250ms").value(), seconds(1));
  for (const char* bad :
       {"", "s", "-1", "1.5s", "10 s", "10S", "1d", "99999999999999999999", "9999999999999h"}) {
    EXPECT_FALSE(ParseMilliseconds(bad).ok()) << bad;
  }
}

TEST(ValuesTest, ReportsHaveFormats) {
  using Format = tql::mock::Server::ReportFormat;
  const auto reports = ParseReports("junit=a b.xml,json=/x=y");
  ASSERT_TRUE(reports.ok()) << reports.status();
  ASSERT_EQ(reports->size(), 2U);
  EXPECT_EQ((*reports)[0].format, Format::kJunit);
  EXPECT_EQ((*reports)[0].path, "a b.xml");
  EXPECT_EQ((*reports)[1].format, Format::kJson);
  EXPECT_EQ((*reports)[1].path, "/x=y");
  for (const char* bad : {"", "json", "json=", "=x", "xml=x", "json=x,", "JSON=x"}) {
    EXPECT_FALSE(ParseReports(bad).ok()) << bad;
  }
}

TEST(ValuesTest, BytesHaveUnits) {
  EXPECT_EQ(ParseBytes("20000000").value(), 20'000'000U);
  EXPECT_EQ(ParseBytes("64K").value(), 64U << 10);
  EXPECT_EQ(ParseBytes("64M").value(), 64U << 20);
  EXPECT_EQ(ParseBytes("1G").value(), 1U << 30);
  for (const char* bad : {"", "M", "64k", "64MB", "-64M", "64M ", "18446744073709551615G"}) {
    EXPECT_FALSE(ParseBytes(bad).ok()) << bad;
  }
}

TEST(ValuesTest, WordsMatchHelp) {
  EXPECT_EQ(ParseLogLevel("warning").value(), tql::mock::LogLevel::kWarning);
  EXPECT_EQ(ParseLogLevel("off").value(), std::nullopt);
  EXPECT_FALSE(ParseLogLevel("loud").ok());
  EXPECT_TRUE(ParseLogFormat("json").value());
  EXPECT_FALSE(ParseLogFormat("text").value());
  EXPECT_FALSE(ParseLogFormat("xml").ok());
  EXPECT_TRUE(ParseSwitch("true").value());
  EXPECT_FALSE(ParseSwitch("maybe").ok());
  EXPECT_EQ(ParseCount("8").value(), 8U);
  EXPECT_FALSE(ParseCount("8K").ok());
}

}  // namespace
}  // namespace tqlmockd

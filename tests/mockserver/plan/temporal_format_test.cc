#include "mockserver/plan/temporal_format.h"

#include <gtest/gtest.h>

#include <ctime>
#include <random>
#include <string>

#include "mockserver/plan/civil_time.h"

namespace tql::plan {
namespace {

std::string Text(const std::string& format, std::int64_t seconds) {
  std::string out;
  TemporalFormat(format).Append(seconds, out);
  return out;
}

/// What the C library makes of it; its %s asks for the local time zone and is left out.
std::string Strftime(const std::string& format, std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm fields{};
  gmtime_r(&time, &fields);
  char text[128];
  return std::string(text, std::strftime(text, sizeof text, format.c_str(), &fields));
}

TEST(TemporalFormat, PrintsAsStrftimeDoes) {
  std::mt19937_64 random(20190314);
  std::uniform_int_distribution<std::int64_t> moments(-30610224000, kMaxDateTime);  // from 1000 on
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t seconds = moments(random);
    for (const char code : std::string_view("YCymdebhBjHkIlMSpaAuwDFRT%")) {
      const std::string format = std::string("<%") + code + ">";
      ASSERT_EQ(Text(format, seconds), Strftime(format, seconds)) << format << " of " << seconds;
    }
  }
}

TEST(TemporalFormat, ReadsWhatItPrints) {
  std::mt19937_64 random(20190315);
  std::uniform_int_distribution<std::int64_t> moments(kMinDateTime, kMaxDateTime);
  for (const char* text : {"%Y-%m-%d %H:%M:%S", "%d %B %Y, %I:%M:%S %p", "%a %b %e %T %Y", "%F %T",
                           "%Y/%j %k.%M.%S", "%s", "yyyy-MM-dd HH:mm:ss"}) {
    const TemporalFormat format(text);
    for (int i = 0; i < 200; ++i) {
      const std::int64_t seconds = moments(random);
      std::string printed;
      format.Append(seconds, printed);
      ASSERT_EQ(format.Parse(printed), seconds) << text << ": " << printed;
    }
  }
}

TEST(TemporalFormat, TakesNoDayThatDoesNotExist) {
  EXPECT_FALSE(TemporalFormat("%d.%m.%Y").Parse("29.02.2019").has_value());
  EXPECT_FALSE(TemporalFormat("%j %Y").Parse("366 2019").has_value());
  EXPECT_FALSE(TemporalFormat("%H:%M").Parse("24:00").has_value());
  EXPECT_FALSE(TemporalFormat("%d.%m.%Y").Parse("28.02.2019 x").has_value());
  EXPECT_FALSE(TemporalFormat("%q").Parse("1").has_value());
  EXPECT_FALSE(TemporalFormat("").Parse("").has_value());
}

TEST(TemporalFormat, KnowsWhatItSays) {
  const TemporalFormat::Parts day = TemporalFormat("%d.%m.%Y").parts();
  EXPECT_TRUE(day.date && !day.time && day.understood);
  const TemporalFormat::Parts clock = TemporalFormat("hh:mm a").parts();
  EXPECT_TRUE(!clock.date && clock.time && clock.understood);
  EXPECT_FALSE(TemporalFormat("%Y %Q").parts().understood);
}

TEST(TemporalFormat, IsBounded) {
  EXPECT_EQ(Text("%d.%m.%Y %q %H:%M", -1), "31.12.1969 %q 23:59");
  EXPECT_LE(Text(std::string(1 << 20, 'x'), 0).size(), TemporalFormat::kMaxLength);
}

}  // namespace
}  // namespace tql::plan

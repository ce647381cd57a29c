#include "mockserver/values/temporal_format.h"

#include <gtest/gtest.h>

#include <ctime>
#include <random>
#include <string>

#include "mockserver/values/civil_time.h"

namespace tql::values {
namespace {

std::string Text(const std::string& format, std::int64_t seconds) {
  std::string out;
  TemporalFormat(format).Append(seconds, out);
  return out;
}

std::optional<std::int64_t> Parse(const std::string& format, const std::string& text) {
  return TemporalFormat(format).Read(TypeKind::kDateTime, text).value;
}

std::string Problem(const std::string& format) {
  const TemporalFormat compiled(format);
  if (!compiled.problem()) return "";
  return std::to_string(compiled.problem()->place) + ": " + compiled.problem()->text;
}

/// The result of the C library, without %s, which depends on the local time zone.
std::string Strftime(const std::string& format, std::int64_t seconds) {
  const std::time_t time = seconds;
  std::tm fields{};
  gmtime_r(&time, &fields);
  char text[128];
  return std::string(text, std::strftime(text, sizeof text, format.c_str(), &fields));
}

TEST(TemporalFormat, MatchesStrftime) {
  std::mt19937_64 random(20190314);
  std::uniform_int_distribution<std::int64_t> moments(-30610224000, kMaxDateTime);  // From 1000 on.
  for (int i = 0; i < 1000; ++i) {
    const std::int64_t seconds = moments(random);
    for (const char code : std::string_view("YCymdebhBjHkIlMSpPaAuwUWVGgDFRTrcxXz%")) {
      for (const char* flag : {"", "-", "_", "0", "^"}) {
        if (*flag != '\0' && std::string_view("DFRTrcxXz%").find(code) != std::string_view::npos) {
          continue;
        }
        const std::string format = std::string("<%") + flag + code + ">";
        ASSERT_EQ(Text(format, seconds), Strftime(format, seconds)) << format << " of " << seconds;
      }
    }
  }
}

TEST(TemporalFormat, ReadsWhatItPrints) {
  std::mt19937_64 random(20190315);
  std::uniform_int_distribution<std::int64_t> moments(kMinDateTime, kMaxDateTime);
  for (const char* text : {"%Y-%m-%d %H:%M:%S",
                           "%d %B %Y, %I:%M:%S %p",
                           "%a %b %e %T %Y",
                           "%F %T",
                           "%s",
                           "%c",
                           "%x %Y %r",
                           "%Y/%j %k.%M.%S",
                           "%Y %U %A %l:%M:%S%P",
                           "%Y week %W, day %u, %X",
                           "%C%y%m%d%H%M%S",
                           "%Y-%-m-%-d %-H:%-M:%-S",
                           "%Y %_m %_d %_H:%_M:%_S %Z %z",
                           "%d%^b%Y:%T",
                           "%Y%j%H%M%S",
                           "yyyy-MM-dd HH:mm:ss",
                           "uuuuMMddHHmmss",
                           "d/M/y h:m:s a",
                           "EEEE, d MMMM uuuu kk:mm:ss",
                           "EEE d MMM yyyy K:mm:ss a",
                           "yyyyDDDHHmmss",
                           "D.yyyy H:m:s",
                           "yyyy-MM-dd'T'HH:mm:ss.SSSXXX",
                           "yyyy-MM-dd['T'HH:mm:ss[.SSS]][xx]",
                           "ppd.ppM.yyyy ppH:mm:ss.n",
                           "ddMMyyyyHHmmssSSSZ"}) {
    const TemporalFormat format(text);
    ASSERT_FALSE(format.problem()) << text;
    for (int i = 0; i < 200; ++i) {
      const std::int64_t seconds = moments(random);
      std::string printed;
      format.Append(seconds, printed);
      ASSERT_EQ(format.Read(TypeKind::kDateTime, printed).value, seconds)
          << text << ": " << printed;
    }
  }
}

// Unlike glibc, so that what is printed can be read back.
TEST(TemporalFormat, ReadsOldMoments) {
  EXPECT_EQ(Parse("%s", "-86400"), -86400);
  EXPECT_EQ(Text("%s", -86400), "-86400");
  EXPECT_EQ(Text("%Y %F", kMinDateTime), "0001 0001-01-01");
  EXPECT_EQ(Parse("%I %P", "03 pm %").has_value(), false);
  EXPECT_EQ(Parse("%d %I %P", "01 03 pm"), 15 * 3600);
}

TEST(TemporalFormat, RejectsInvalidValues) {
  for (const auto& [format, text] : {std::pair{"%d.%m.%Y", "29.02.2019"},
                                     {"%j %Y", "366 2019"},
                                     {"%Y-%m-%d", "2024-13-01"},
                                     {"yyyy-MM-dd", "2019-02-29"}}) {
    const TemporalReading reading = TemporalFormat(format).Read(TypeKind::kDate, text);
    EXPECT_FALSE(reading.value) << text;
    EXPECT_TRUE(reading.bad_value) << text;
    EXPECT_NE(reading.problem, "") << text;
  }
  const TemporalReading other = TemporalFormat("%d.%m.%Y").Read(TypeKind::kDate, "28.02.2019 x");
  EXPECT_FALSE(other.value);
  EXPECT_FALSE(other.bad_value);
  EXPECT_FALSE(TemporalFormat("").Read(TypeKind::kDate, "").value);
}

TEST(TemporalFormat, HasDateAndTime) {
  const TemporalFormat day("%d.%m.%Y");
  EXPECT_TRUE(day.has_date() && !day.has_time());
  const TemporalFormat clock("hh:mm a");
  EXPECT_TRUE(!clock.has_date() && clock.has_time());
  const TemporalFormat epoch("%s");
  EXPECT_TRUE(epoch.has_date() && epoch.has_time());
  EXPECT_FALSE(TemporalFormat("%a %A %u %p").has_date());
}

TEST(TemporalFormat, ReportsPlaceOfProblem) {
  const std::string strptime = ", expected a conversion of strptime; %% stands for %";
  EXPECT_EQ(Problem("%Y-%Q-%d"), "4: found %Q" + strptime);
  EXPECT_EQ(Problem("äöü%-Ed"), "4: found %-Ed" + strptime);
  EXPECT_EQ(Problem("%Y%ä"), "3: found %ä" + strptime);
  EXPECT_EQ(Problem("%Y %"), "4: found %" + strptime);
  EXPECT_EQ(Problem("%Y %5"), "4: found %5" + strptime);
  const std::string letters =
      ", expected one of the letters y u M L d D E a H h K k m s S n X x Z p, or text between "
      "apostrophes";
  EXPECT_EQ(Problem("yyyy-MM-ddTHH"), "11: found T" + letters);
  EXPECT_EQ(Problem("yyyy-MM-dd VV"), "12: found VV" + letters);
  EXPECT_EQ(Problem("yyyy{"), "5: found {" + letters);
  EXPECT_EQ(Problem("YYYY-MM-dd"),
            "1: found YYYY, expected y or u: the year of a week needs the week");
  EXPECT_EQ(Problem("yyyy-MM-ddd"), "9: found ddd, expected at most two letters d");
  EXPECT_EQ(Problem("EEEEE"), "1: found EEEEE, expected at most four letters E");
  EXPECT_EQ(Problem("yyyy 'at"),
            "9: found the end, expected the apostrophe that closes the text of "
            "character 6");
  EXPECT_EQ(Problem("yyyy]"), "5: found ], expected [ before ]");
  EXPECT_EQ(Problem("yyyy pp"), "8: found the end, expected the letter that p pads");
  EXPECT_EQ(Problem("pp-d"), "3: found -, expected the letter that p pads");
  EXPECT_EQ(Problem(std::string(17, '[') + "d"),
            "17: found [, expected at most 16 sections in each other");
}

TEST(TemporalFormat, IsBounded) {
  EXPECT_EQ(Text("%d.%m.%Y %q %H:%M", -1), "31.12.1969 %q 23:59");
  EXPECT_LE(Text(std::string(1 << 20, 'x'), 0).size(), TemporalFormat::kMaxLength);
  EXPECT_EQ(Text("%99999999999999999999d", 0).size(), 255U);
  const std::string deep(4000, '[');
  EXPECT_EQ(Text(deep + "d", 0).size(), deep.size() - 16 + 1);
  EXPECT_FALSE(Parse("%s", std::string(1 << 20, '9')).has_value());
  EXPECT_FALSE(Parse("%G", std::string(1 << 20, '9') + "x").has_value());
  EXPECT_FALSE(Parse("y", std::string(1 << 20, '9')).has_value());
}

}  // namespace
}  // namespace tql::values

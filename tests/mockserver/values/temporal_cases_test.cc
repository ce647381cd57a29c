// Reads texts of dates and times and compares with the results of strptime, Java and PostgreSQL in
// tests/data/temporal.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "mockserver/values/civil_time.h"
#include "mockserver/values/temporal.h"
#include "tests/support/test_data.h"

namespace tql::values {
namespace {

struct Line {
  int number = 0;
  std::vector<std::string> cells;
};

std::string Unescape(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
    } else {
      const char c = text[++i];
      out += c == 't' ? '\t' : c == 'n' ? '\n' : c;
    }
  }
  return out;
}

std::vector<Line> ReadLines(const std::string& file) {
  std::ifstream in(TestData(("temporal/" + file).c_str()));
  std::vector<Line> lines;
  std::string text;
  for (int number = 1; std::getline(in, text); ++number) {
    if (text.starts_with('#') || text.find('\t') == std::string::npos) continue;
    Line line{.number = number, .cells = {}};
    std::size_t begin = 0;
    for (std::size_t tab = 0; tab != std::string::npos; begin = tab + 1) {
      tab = text.find('\t', begin);
      line.cells.push_back(Unescape(text.substr(begin, tab - begin)));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

std::int64_t Seconds(const std::string& moment) {
  CivilTime c;
  EXPECT_EQ(std::sscanf(moment.c_str(), "%d-%u-%u %u:%u:%u", &c.year, &c.month, &c.day, &c.hour,
                        &c.minute, &c.second),
            6)
      << moment;
  const std::uint32_t leap = c.second > 59 ? c.second - 59 : 0;
  c.second -= leap;
  return FromCivil(c).value_or(0) + leap;
}

std::string Shown(TypeKind kind, const TemporalReading& reading) {
  if (!reading.value) return "refused";
  char text[19];
  return std::string(text, FormatTemporal(kind, *reading.value, text));
}

/// The value that a type takes of a moment as written.
std::string Expected(TypeKind kind, const std::string& result) {
  if (result == "refused" || result == "invalid") return "refused";
  const std::string date = result.substr(0, 10);
  std::int64_t offset = 0;
  if (result.size() > 19) offset = std::stoll(result.substr(20));
  const std::int64_t moment = Seconds(result.substr(0, 19));
  const std::int64_t clock = moment - Seconds(date + " 00:00:00");
  TemporalReading reading;
  if (kind == TypeKind::kDate) {
    reading.value = Seconds(date + " 00:00:00");
  } else if (kind == TypeKind::kTime) {
    if (clock < kSecondsPerDay) reading.value = clock;
  } else if (moment - offset >= kMinDateTime && moment - offset <= kMaxDateTime) {
    reading.value = moment - offset;
  }
  return Shown(kind, reading);
}

class HintCasesTest : public ::testing::TestWithParam<const char*> {};

TEST_P(HintCasesTest, MatchesOracle) {
  const bool java = std::string(GetParam()) == "java.txt";
  const std::vector<Line> lines = ReadLines(GetParam());
  ASSERT_GT(lines.size(), 1000U);
  for (const Line& line : lines) {
    ASSERT_EQ(line.cells.size(), 3U) << line.number;
    const std::string& hint = line.cells[0];
    const std::string& text = line.cells[1];
    const std::string& result = line.cells[2];
    const TemporalFormat format(hint);
    const std::string place = std::string(GetParam()) + ":" + std::to_string(line.number) + " " +
                              hint + " of '" + text + "'";
    if (text.starts_with('@')) {
      std::string printed;
      format.Append(Seconds(text.substr(1)), printed);
      EXPECT_EQ(printed, result) << place;
      continue;
    }
    if (java) {
      EXPECT_EQ(format.problem().has_value(), result == "invalid") << place;
    }
    for (const TypeKind kind : {TypeKind::kDate, TypeKind::kDateTime, TypeKind::kTime}) {
      const bool takes = kind == TypeKind::kTime ? format.has_time() : format.has_date();
      if (!takes && kind != TypeKind::kDateTime) continue;
      EXPECT_EQ(Shown(kind, format.Read(kind, text)), takes ? Expected(kind, result) : "refused")
          << place;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Oracles, HintCasesTest, ::testing::Values("strptime.txt", "java.txt"),
                         [](const auto& file) {
                           const std::string name = file.param;
                           return name.substr(0, name.find('.'));
                         });

/// Whether a text printed by the hint is read back and printed the same.
bool IsStable(const TemporalFormat& format, std::int64_t moment) {
  std::string once;
  format.Append(moment, once);
  const TemporalReading reading = format.Read(TypeKind::kDateTime, once);
  if (!reading.value) return false;
  std::string twice;
  format.Append(*reading.value, twice);
  return once == twice;
}

std::set<std::string> UnstableHints(const std::string& file) {
  std::set<std::string> unstable;
  for (const Line& line : ReadLines(file)) {
    const TemporalFormat format(line.cells[0]);
    if (format.problem() || !format.has_date()) continue;
    for (const char* moment : {"2000-01-01 00:00:00", "2025-02-28 23:59:59", "2026-07-05 01:05:09",
                               "2067-12-31 12:00:00"}) {
      if (!IsStable(format, Seconds(moment))) unstable.insert(line.cells[0]);
    }
  }
  return unstable;
}

TEST(RoundTripTest, ReadsPrintedText) {
  // strptime cannot read a week without its weekday, nor more digits than a number may have.
  std::set<std::string> strptime = UnstableHints("strptime.txt");
  std::erase_if(strptime, [](const std::string& hint) {
    return hint.find_first_of("UWVGg123456789") != std::string::npos;
  });
  // These print more than they read back: a century overrides the year, an hour to 12 an hour to
  // 23, and the weekday of a day without a year is that of another day.
  EXPECT_THAT(strptime, ::testing::UnorderedElementsAre("%C %Y", "%Y %C", "%OS %OM %EY %EC",
                                                        "%e|%k|%l|%j|%y|%C", "%a %A %b %B %h",
                                                        "%^a %^B %#b %#p"));
  // A year of four digits takes the digits of a following number of variable or optional length.
  EXPECT_THAT(UnstableHints("java.txt"), ::testing::ElementsAre("yyyyM", "yyyyMd", "yyyy[MM"));
}

TEST(UsualFormsTest, MatchPostgres) {
  const std::vector<Line> lines = ReadLines("defaults.txt");
  ASSERT_GT(lines.size(), 90U);
  for (const Line& line : lines) {
    ASSERT_EQ(line.cells.size(), 4U) << line.number;
    const TypeKind kinds[] = {TypeKind::kDate, TypeKind::kDateTime, TypeKind::kTime};
    for (std::size_t i = 0; i < 3; ++i) {
      const TemporalReading reading = ReadTemporal(kinds[i], line.cells[0]);
      EXPECT_EQ(Shown(kinds[i], reading), line.cells[i + 1]) << line.cells[0];
      EXPECT_EQ(reading.problem.empty(), reading.value.has_value()) << line.cells[0];
    }
  }
}

}  // namespace
}  // namespace tql::values

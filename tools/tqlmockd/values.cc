#include "tools/tqlmockd/values.h"

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <charconv>
#include <string>
#include <system_error>

namespace tqlmockd {
namespace {

using tql::InvalidArgumentError;
using tql::StatusOr;
using tql::mock::LogLevel;

// Larger than any useful value but too small to overflow.
constexpr std::uint64_t kMost = std::uint64_t{1} << 40;

struct Unit {
  std::string_view name;
  std::uint64_t factor;
};
constexpr Unit kBytes[] = {{"", 1}, {"K", 1 << 10}, {"M", 1 << 20}, {"G", 1 << 30}};
constexpr Unit kMilliseconds[] = {
    {"", 1000}, {"ms", 1}, {"s", 1000}, {"m", 60 * 1000}, {"h", 60 * 60 * 1000}};

template <std::size_t size>
StatusOr<std::uint64_t> ParseWithUnit(std::string_view text, const Unit (&units)[size],
                                      const char* expected) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view rest = text.substr(static_cast<std::size_t>(end - text.data()));
  for (const Unit& unit : units) {
    if (error == std::errc() && rest == unit.name && number <= kMost / unit.factor) {
      return number * unit.factor;
    }
  }
  return InvalidArgumentError("expected " + std::string(expected) + ", found \"" +
                              std::string(text) + '"');
}

}  // namespace

StatusOr<tql::mock::User> ParseUser(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) {
    return InvalidArgumentError("expected NAME:PASSWORD");
  }
  tql::mock::User user;
  user.name = text.substr(0, colon);
  user.password = text.substr(colon + 1);
  return user;
}

StatusOr<std::uint64_t> ParseCount(std::string_view text) {
  constexpr Unit kOne[] = {{"", 1}};
  return ParseWithUnit(text, kOne, "a number");
}

StatusOr<std::uint64_t> ParseBytes(std::string_view text) {
  return ParseWithUnit(text, kBytes, "a number of bytes like 500000, 64K, 64M or 1G");
}

StatusOr<std::chrono::milliseconds> ParseMilliseconds(std::string_view text) {
  const StatusOr<std::uint64_t> count =
      ParseWithUnit(text, kMilliseconds, "a time like 30, 500ms, 90s, 30m or 24h");
  if (!count.ok()) return count.status();
  return std::chrono::milliseconds(*count);
}

StatusOr<std::chrono::seconds> ParseSeconds(std::string_view text) {
  const StatusOr<std::chrono::milliseconds> time = ParseMilliseconds(text);
  if (!time.ok()) return time.status();
  return std::chrono::ceil<std::chrono::seconds>(*time);
}

StatusOr<std::uint64_t> ParseSeed(std::string_view text) {
  std::uint64_t seed = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, seed);
  if (error == std::errc() && stop == end) return seed;
  return InvalidArgumentError("expected a number from 0 to 18446744073709551615, found \"" +
                              std::string(text) + '"');
}

StatusOr<StartTime> ParseStartTime(std::string_view text) {
  constexpr std::string_view kFrozen = ",frozen";
  StartTime start;
  std::string_view time = text;
  if (time.ends_with(kFrozen)) {
    start.frozen = true;
    time.remove_suffix(kFrozen.size());
  }
  // The server has the exact bounds; these are those of its nanoseconds.
  constexpr std::int64_t kMostSeconds = std::int64_t{1} << 33U;
  google::protobuf::Timestamp parsed;
  if (!google::protobuf::util::TimeUtil::FromString(std::string(time), &parsed) ||
      parsed.seconds() < 0 || parsed.seconds() > kMostSeconds) {
    return InvalidArgumentError(
        "expected a time from 1970 to 2199 like 2024-02-29T12:00:00Z or "
        "2024-02-29T12:00:00Z,frozen, found \"" +
        std::string(text) + '"');
  }
  start.time = std::chrono::system_clock::time_point(std::chrono::seconds(parsed.seconds()) +
                                                     std::chrono::nanoseconds(parsed.nanos()));
  return start;
}

StatusOr<tql::mock::RowOrder> ParseRowOrder(std::string_view text) {
  using tql::mock::RowOrder;
  if (text == "insertion") return RowOrder::kInsertion;
  if (text == "reversed") return RowOrder::kReversed;
  if (text == "shuffled") return RowOrder::kShuffled;
  return InvalidArgumentError("expected insertion, reversed or shuffled, found \"" +
                              std::string(text) + '"');
}

StatusOr<tql::mock::Strictness> ParseStrictness(std::string_view text) {
  if (text == "warn") return tql::mock::Strictness::kWarn;
  if (text == "error") return tql::mock::Strictness::kError;
  return InvalidArgumentError("expected warn or error, found \"" + std::string(text) + '"');
}

StatusOr<tql::mock::Evidence> ParseEvidence(std::string_view text) {
  using tql::mock::Evidence;
  if (text == "documented") return Evidence::kDocumented;
  if (text == "client") return Evidence::kClient;
  if (text == "sample") return Evidence::kSample;
  if (text == "inferred") return Evidence::kInferred;
  return InvalidArgumentError("expected documented, client, sample or inferred, found \"" +
                              std::string(text) + '"');
}

StatusOr<bool> ParseUnmatched(std::string_view text) {
  if (text == "run") return false;
  if (text == "fail") return true;
  return InvalidArgumentError("expected run or fail, found \"" + std::string(text) + '"');
}

StatusOr<bool> ParseSwitch(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return InvalidArgumentError("expected true or false");
}

StatusOr<bool> ParseOnOff(std::string_view text) {
  if (text == "on") return true;
  if (text == "off") return false;
  return InvalidArgumentError("expected on or off");
}

StatusOr<std::vector<ReportFile>> ParseReports(std::string_view text) {
  using Format = tql::mock::Server::ReportFormat;
  std::vector<ReportFile> reports;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(',', at), text.size());
    const std::string_view item = text.substr(at, end - at);
    const std::string_view format = item.substr(0, item.find('='));
    at = end + 1;
    if (format.size() + 1 >= item.size() || (format != "json" && format != "junit")) {
      return InvalidArgumentError("expected json=FILE or junit=FILE, found \"" + std::string(item) +
                                  '"');
    }
    reports.push_back({.format = format == "json" ? Format::kJson : Format::kJunit,
                       .path = std::string(item.substr(format.size() + 1))});
  }
  return reports;
}

tql::Status CheckToken(std::string_view token) {
  constexpr std::size_t kLeast = 16;
  const bool visible = std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
  if (token.size() >= kLeast && visible) return tql::Status();
  return InvalidArgumentError("expected a token of at least " + std::to_string(kLeast) +
                              " visible ASCII characters");
}

StatusOr<std::optional<LogLevel>> ParseLogLevel(std::string_view text) {
  using Level = std::optional<LogLevel>;
  if (text == "debug") return Level(LogLevel::kDebug);
  if (text == "info") return Level(LogLevel::kInfo);
  if (text == "warning") return Level(LogLevel::kWarning);
  if (text == "error") return Level(LogLevel::kError);
  if (text == "off") return Level();
  return InvalidArgumentError("expected debug, info, warning, error or off, found \"" +
                              std::string(text) + '"');
}

StatusOr<bool> ParseLogFormat(std::string_view text) {
  if (text == "text") return false;
  if (text == "json") return true;
  return InvalidArgumentError("expected text or json, found \"" + std::string(text) + '"');
}

}  // namespace tqlmockd

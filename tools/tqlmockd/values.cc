#include "tools/tqlmockd/values.h"

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

tql::Status CheckControlToken(std::string_view token) {
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

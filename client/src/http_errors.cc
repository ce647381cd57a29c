#include "client/src/http_errors.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "client/src/http_framing.h"
#include "tql/wire/error_body.h"
#include "tql/wire/http_status.h"

namespace tql {
namespace {

constexpr std::chrono::seconds kLongestWait = std::chrono::hours(24);

std::optional<std::int64_t> NumberOf(std::string_view text) {
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || number < 0) return std::nullopt;
  return number;
}

// "Sun, 06 Nov 1994 08:49:37 GMT", the form that servers must send.
std::optional<std::chrono::sys_seconds> DateOf(std::string_view text) {
  constexpr std::string_view kMonths = "JanFebMarAprMayJunJulAugSepOctNovDec";
  if (text.size() != 29 || text.substr(25) != " GMT") return std::nullopt;
  const std::size_t month = kMonths.find(text.substr(8, 3));
  const auto day = NumberOf(text.substr(5, 2));
  const auto year = NumberOf(text.substr(12, 4));
  const auto hour = NumberOf(text.substr(17, 2));
  const auto minute = NumberOf(text.substr(20, 2));
  const auto second = NumberOf(text.substr(23, 2));
  if (month % 3 != 0 || !day || !year || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(month / 3 + 1)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(*hour) + std::chrono::minutes(*minute) +
         std::chrono::seconds(*second);
}

}  // namespace

Status HttpError(const HttpHead& head, std::string body) {
  StatusCode code = StatusCodeOfHttp(head.status);
  if (code == StatusCode::kOk) code = StatusCode::kUnknown;
  if (IsEncoded(head.content_encoding)) {
    body = "its reason is encoded as " + Quoted(head.content_encoding);
  }
  if (std::optional<std::string> told = MessageOfErrorBody(body)) body = *std::move(told);
  while (!body.empty() && (body.back() == '\n' || body.back() == ' ')) body.pop_back();
  for (char& c : body) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) c = ' ';
  }
  std::string message = "HTTP status " + std::to_string(head.status);
  return Status(code, body.empty() ? message : message + ": " + body);
}

std::chrono::milliseconds RetryAfterOf(const HttpHead& head) {
  using std::chrono::seconds;
  const std::string_view text = head.retry_after;
  if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return seconds(std::min<std::int64_t>(NumberOf(text).value_or(kLongestWait.count()),
                                          kLongestWait.count()));
  }
  const auto until = DateOf(text);
  const auto now = DateOf(head.date);
  if (!until || !now) return {};
  return std::clamp(*until - *now, seconds(0), kLongestWait);
}

}  // namespace tql

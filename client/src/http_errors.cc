#include "client/src/http_errors.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "client/src/html_page.h"
#include "client/src/http_date.h"
#include "client/src/http_framing.h"
#include "proto/base/text.h"
#include "tql/wire/error_body.h"
#include "tql/wire/http_status.h"

namespace tql {
namespace {

constexpr std::chrono::seconds kLongestWait = std::chrono::hours(24);  // limit on Retry-After
constexpr std::size_t kMostLocation = 256;

bool IsRedirect(int http_status) { return http_status >= 300 && http_status < 400; }

// The target of a redirect without its query, which may contain secrets.
std::string RedirectTarget(std::string_view location) {
  return std::string(location.substr(0, std::min(location.find_first_of("?#"), kMostLocation)));
}

// The details of an error beyond its status; empty if there are none.
std::string ReasonOf(const HttpHead& head, std::string body) {
  if (IsEncoded(head.content_encoding)) {
    return "the body is encoded as " + Quoted(head.content_encoding);
  }
  if (IsPage(head, body)) {
    const HtmlPage page = ReadHtmlPage(body);
    std::string reason = "a web page, which the service does not send; perhaps a proxy or a login";
    reason +=
        page.title.empty() ? " page answered" : " page answered, titled \"" + page.title + '"';
    return page.text.empty() ? reason : reason + ": " + page.text;
  }
  if (std::optional<std::string> parsed = MessageOfErrorBody(body)) body = *std::move(parsed);
  while (!body.empty() && (body.back() == '\n' || body.back() == ' ')) body.pop_back();
  return body;
}

}  // namespace

bool IsPage(const HttpHead& head, std::string_view body) {
  return IsHtmlType(head.content_type) || BeginsAsHtml(body);
}

Status HttpError(const HttpHead& head, std::string body) {
  StatusCode code = StatusCodeOfHttp(head.status);
  if (code == StatusCode::kOk) {
    code = IsPage(head, body) ? StatusCode::kFailedPrecondition : StatusCode::kUnknown;
  }
  std::string message = "HTTP status " + std::to_string(head.status);
  if (IsRedirect(head.status) && !head.location.empty()) {
    message += ", a redirect to " + RedirectTarget(head.location);
  }
  const std::string reason = ReasonOf(head, std::move(body));
  if (!reason.empty()) message += ": " + reason;
  base::BlankControls(&message);
  return Status(code, std::move(message));
}

std::chrono::milliseconds RetryAfterOf(const HttpHead& head) {
  using std::chrono::seconds;
  const std::string_view text = head.retry_after;
  if (!text.empty() && std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; })) {
    return seconds(std::min<std::int64_t>(NaturalNumberOf(text).value_or(kLongestWait.count()),
                                          kLongestWait.count()));
  }
  const auto until = HttpDateOf(text);
  const auto now = HttpDateOf(head.date);
  if (!until || !now) return {};
  return std::clamp(*until - *now, seconds(0), kLongestWait);
}

}  // namespace tql

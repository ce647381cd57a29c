#include "client/src/http_session.h"

#include <algorithm>
#include <cstddef>

#include "client/src/http_date.h"
#include "proto/base/mutex.h"
#include "proto/base/text.h"

namespace tql {
namespace {

constexpr std::string_view kName = "JSESSIONID";
constexpr std::size_t kMostCookie = 4096;

/// Splits "name=value" and trims both parts.
std::pair<std::string_view, std::string_view> Pair(std::string_view text) {
  const std::size_t equals = std::min(text.find('='), text.size());
  const std::string_view value = text.substr(std::min(equals + 1, text.size()));
  return {base::Trim(text.substr(0, equals), " \t"), base::Trim(value, " \t")};
}

/// Whether the attributes of a cookie delete it. Max-Age takes precedence over Expires.
bool EndsCookie(std::string_view attributes, std::chrono::sys_seconds now) {
  std::optional<bool> by_age;
  bool by_date = false;
  while (!attributes.empty()) {
    const std::size_t end = std::min(attributes.find(';'), attributes.size());
    const auto [name, value] = Pair(attributes.substr(0, end));
    attributes.remove_prefix(std::min(end + 1, attributes.size()));
    if (base::EqualsIgnoreCase(name, "max-age")) {
      const bool negative = value.starts_with('-') && NaturalNumberOf(value.substr(1));
      if (negative || NaturalNumberOf(value)) by_age = negative || NaturalNumberOf(value) == 0;
    } else if (base::EqualsIgnoreCase(name, "expires")) {
      const auto expires = HttpDateOf(value);
      by_date = expires && *expires <= now;
    }
  }
  return by_age.value_or(by_date);
}

/// Returns the session that a response sets. If it sets several, the last one applies.
std::optional<std::string> SessionOfHead(const HttpHead& head) {
  const auto now = HttpDateOf(head.date).value_or(
      std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()));
  std::optional<std::string> session;
  for (const std::string& set_cookie : head.set_cookies) {
    if (auto value = SessionOfCookie(set_cookie, now)) session = std::move(value);
  }
  return session;
}

}  // namespace

std::optional<std::string> SessionOfCookie(std::string_view set_cookie,
                                           std::chrono::sys_seconds now) {
  const std::size_t end = std::min(set_cookie.find(';'), set_cookie.size());
  const auto [name, value] = Pair(set_cookie.substr(0, end));
  if (name != kName || end == 0) return std::nullopt;
  const bool clean = std::ranges::all_of(value, [](char c) { return c > ' ' && c < 0x7f; });
  if (!clean || value.size() > kMostCookie) return std::nullopt;
  if (EndsCookie(set_cookie.substr(std::min(end + 1, set_cookie.size())), now)) return "";
  return std::string(value);
}

Status HttpSession::Send(HttpRequest request, const HttpReceiver& receiver, Deadline deadline,
                         CancelSignal& cancel, bool& sent) {
  const std::string sent_with = cookie();
  if (!sent_with.empty()) {
    request.headers.emplace_back("Cookie", std::string(kName) + "=" + sent_with);
  }
  const HttpReceiver watched = {[&](const HttpHead& head) {
                                  UpdateFrom(head, sent_with);
                                  return receiver.head(head);
                                },
                                receiver.body};
  return pool_.Send(request, watched, deadline, cancel, sent);
}

bool HttpSession::Open(const HttpHead& head) {
  const std::optional<std::string> session = SessionOfHead(head);
  if (!session || session->empty()) return false;
  const base::MutexLock lock(mutex_);
  cookie_ = *session;
  return true;
}

void HttpSession::Close() {
  const base::MutexLock lock(mutex_);
  cookie_.clear();
}

std::string HttpSession::cookie() {
  const base::MutexLock lock(mutex_);
  return cookie_;
}

// A response to a request of an earlier session does not change the current one.
void HttpSession::UpdateFrom(const HttpHead& head, const std::string& sent_with) {
  std::optional<std::string> session = SessionOfHead(head);
  if (!session) return;
  const base::MutexLock lock(mutex_);
  if (cookie_ == sent_with) cookie_ = *std::move(session);
}

}  // namespace tql

#include "client/src/wire_log.h"

#include <algorithm>
#include <utility>

#include "proto/base/text.h"

namespace tql {
namespace {

constexpr std::string_view kHidden = "***";

/// The login of tsload is POST …/session.
bool IsLogin(const HttpRequest& request) {
  return request.path.find("/login") != std::string::npos || request.path.ends_with("/session");
}

/// Removes the part of `rest` up to `separator`, and the separator, and returns the part.
std::string_view TakePart(std::string_view& rest, char separator) {
  const std::size_t end = std::min(rest.find(separator), rest.size());
  const std::string_view part = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return part;
}

/// Hides the value of one cookie: "JSESSIONID=***".
std::string WithoutValue(std::string_view pair) {
  const std::size_t value = pair.find('=');
  if (value == pair.npos) return std::string(kHidden);
  return std::string(pair.substr(0, value + 1)) + std::string(kHidden);
}

/// Hides the value of a Set-Cookie header: "JSESSIONID=***; Path=/".
std::string SetCookieShown(std::string_view cookie) {
  const std::string pair = WithoutValue(TakePart(cookie, ';'));
  return cookie.empty() ? pair : pair + ";" + std::string(cookie);
}

bool HasCredentials(std::string_view name) {
  return base::EqualsIgnoreCase(name, "authorization") ||
         base::EqualsIgnoreCase(name, "proxy-authorization");
}

/// Hides the secrets in the value of a request's header and adds them to `secrets`.
std::string HeaderShown(std::string_view name, std::string_view value,
                        std::vector<std::string>& secrets) {
  if (HasCredentials(name)) {
    const std::string scheme(TakePart(value, ' '));
    secrets.emplace_back(value.empty() ? scheme : std::string(value));
    return value.empty() ? std::string(kHidden) : scheme + " " + std::string(kHidden);
  }
  if (!base::EqualsIgnoreCase(name, "cookie")) return std::string(value);
  std::string shown;
  while (!value.empty()) {
    const std::string_view pair = TakePart(value, ';');
    secrets.emplace_back(pair.substr(pair.find('=') + 1));
    shown += (shown.empty() ? "" : ";") + WithoutValue(pair);
  }
  return shown;
}

/// Returns the secrets in the request's headers.
std::vector<std::string> SecretsOf(const HttpRequest& request) {
  std::vector<std::string> secrets;
  for (const auto& [name, value] : request.headers) HeaderShown(name, value, secrets);
  return secrets;
}

/// Returns how much of a body LoggedBody needs.
std::size_t MostRead(const std::vector<std::string>& secrets) {
  std::size_t longest = 0;
  for (const std::string& secret : secrets) longest = std::max(longest, secret.size());
  return kMostLogged + longest;
}

/// Returns up to `most` bytes of the request's body.
std::string BeginningOf(const HttpRequest& request, std::size_t most) {
  std::string beginning = request.body.substr(0, most);
  for (const std::string_view piece : request.more_body) {
    beginning += piece.substr(0, most - beginning.size());
  }
  return beginning;
}

// Collects the beginning of a response's body and logs it when the response has ended.
class LoggedConnection : public HttpConnection {
 public:
  LoggedConnection(std::unique_ptr<HttpConnection> connection, std::string origin, WireLog log)
      : connection_(std::move(connection)), origin_(std::move(origin)), log_(std::move(log)) {}

  Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline deadline,
              CancelSignal& cancel) override {
    const std::vector<std::string> secrets = SecretsOf(request);
    LogRequest(request, secrets);
    const std::size_t most = MostRead(secrets);
    std::string body;
    std::size_t size = 0;
    const HttpReceiver watched = {[&](const HttpHead& head) {
                                    LogHead(head);
                                    return receiver.head(head);
                                  },
                                  [&](const char* data, std::size_t count) {
                                    body.append(
                                        data, std::min(count, most - std::min(most, body.size())));
                                    size += count;
                                    return receiver.body(data, count);
                                  }};
    const Status status = connection_->Send(request, watched, deadline, cancel);
    std::string text = IsLogin(request) ? std::string(kHidden) : LoggedBody(body, size, secrets);
    if (!text.empty()) text = "< " + text + "\n";
    if (!status.ok()) text += "! " + status.message() + "\n";
    if (!text.empty()) log_(text);
    return status;
  }

  bool connected() const override { return connection_->connected(); }

 private:
  void LogRequest(const HttpRequest& request, const std::vector<std::string>& secrets) const {
    std::string text = "> " + request.method + " " + origin_ + request.path + "\n";
    std::vector<std::string> known;
    for (const auto& [name, value] : request.headers) {
      text += "> " + name + ": " + HeaderShown(name, value, known) + "\n";
    }
    if (!request.content_type.empty()) text += "> Content-Type: " + request.content_type + "\n";
    if (IsLogin(request)) {
      text += "> " + std::string(kHidden) + "\n";
    } else if (const std::size_t size = request.body_size(); size > 0) {
      text += "> " + LoggedBody(BeginningOf(request, MostRead(secrets)), size, secrets) + "\n";
    }
    log_(text);
  }

  void LogHead(const HttpHead& head) const {
    std::string text = "< HTTP " + std::to_string(head.status) + "\n";
    for (const std::string& cookie : head.set_cookies) {
      text += "< Set-Cookie: " + SetCookieShown(cookie) + "\n";
    }
    log_(text);
  }

  const std::unique_ptr<HttpConnection> connection_;
  const std::string origin_;
  const WireLog log_;
};

}  // namespace

std::string LoggedBody(std::string_view text, std::size_t size,
                       const std::vector<std::string>& secrets) {
  std::string shown;
  std::size_t at = 0;
  while (at < text.size() && at < kMostLogged) {
    const auto here = [&](const std::string& secret) {
      return !secret.empty() && text.substr(at).starts_with(secret);
    };
    const auto secret = std::ranges::find_if(secrets, here);
    if (secret == secrets.end()) {
      shown += text[at++];
    } else {
      shown += kHidden;
      at += secret->size();
    }
  }
  while (shown.ends_with('\n')) shown.pop_back();
  if (at < size) shown += "... (" + std::to_string(size) + " bytes)";
  return shown;
}

std::unique_ptr<HttpConnection> LogWire(std::unique_ptr<HttpConnection> connection, const Url& url,
                                        WireLog log) {
  return std::make_unique<LoggedConnection>(std::move(connection), url.Origin(), std::move(log));
}

}  // namespace tql

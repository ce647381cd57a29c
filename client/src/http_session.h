// The login session of an HTTP transport: the cookie JSESSIONID, which any response may set.
#ifndef TQLKIT_CLIENT_SRC_HTTP_SESSION_H_
#define TQLKIT_CLIENT_SRC_HTTP_SESSION_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/src/fork.h"
#include "client/src/http_connection_pool.h"

namespace tql {

/// Parses a Set-Cookie header. Returns the new session, or an empty string if the header ends the
/// session (an empty value, Max-Age of zero or less, Expires before `now`). Returns nullopt if it
/// sets another cookie or if its value must not be sent. Other attributes (Path, Domain, Secure)
/// are ignored: the cookie is only sent to the hosts of the URL.
std::optional<std::string> SessionOfCookie(std::string_view set_cookie,
                                           std::chrono::sys_seconds now);

/// A connection pool whose requests carry the session cookie. A response, whatever its status, may
/// replace or end the session, but only if its request was sent with the current session: a late
/// response does not affect the session of a login in the meantime.
///
/// Thread safety: all methods may be called from several threads at the same time.
class HttpSession {
 public:
  HttpSession(std::vector<Url> hosts, Options options, HttpConnectionPool::Factory make)
      : pool_(std::move(hosts), std::move(options), std::move(make)) {}

  /// HttpConnectionPool::Send with the session cookie.
  Status Send(HttpRequest request, const HttpReceiver& receiver, Deadline deadline,
              CancelSignal& cancel, bool& sent);

  /// Sets the session from the response to a login, replacing the current one. Returns false if the
  /// response has no session.
  bool Open(const HttpHead& head);
  /// Ends the session on this side: later requests carry no cookie.
  void Close();

 private:
  std::string cookie();
  void UpdateFrom(const HttpHead& head, const std::string& sent_with);

  HttpConnectionPool pool_;
  ForkMutex mutex_;
  std::string cookie_ TQL_GUARDED_BY(mutex_);  // the value of JSESSIONID; empty: no session
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_SESSION_H_

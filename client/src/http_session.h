// The session of an HTTP transport: the cookie JSESSIONID, which any answer may set.
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

/// What a Set-Cookie header says of the session: its new value, empty when it ends the session (an
/// empty value, Max-Age of zero or less, Expires before `now`). Unset when it is of another cookie
/// or its value may not be sent. Other attributes (Path, Domain, Secure) do not matter: the cookie
/// is sent to the hosts of the URL alone.
std::optional<std::string> SessionOfCookie(std::string_view set_cookie,
                                           std::chrono::sys_seconds now);

/// A pool whose requests carry the session. An answer, whatever its status, may replace the session
/// or end it, if the request was sent with the one that is current: an answer that comes late says
/// nothing about the session of a login meanwhile.
///
/// Thread safety: all methods may be called from several threads at once.
class HttpSession {
 public:
  HttpSession(std::vector<Url> hosts, Options options, HttpConnectionPool::Factory make)
      : pool_(std::move(hosts), std::move(options), std::move(make)) {}

  /// HttpConnectionPool::Send with the cookie of the session.
  Status Send(HttpRequest request, const HttpReceiver& receiver, Deadline deadline,
              CancelSignal& cancel, bool& sent);

  /// Takes the session from the answer to a login, whatever is current. False when it has none.
  bool Open(const HttpHead& head);
  /// Forgets it.
  void Close();

 private:
  std::string cookie();
  void TakeOver(const HttpHead& head, const std::string& sent_with);

  HttpConnectionPool pool_;
  ForkMutex mutex_;
  std::string cookie_;  // the value of JSESSIONID; empty: no session
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_SESSION_H_

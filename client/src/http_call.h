// HTTP requests whose responses are held in memory as a whole.
#ifndef TQLKIT_CLIENT_SRC_HTTP_CALL_H_
#define TQLKIT_CLIENT_SRC_HTTP_CALL_H_

#include <memory>
#include <string>
#include <string_view>

#include "client/src/http_session.h"
#include "tql/transport.h"

namespace tql {

/// A response that is held in memory as a whole.
struct SmallAnswer {
  HttpHead head;
  std::string body;
};

/// Sends a request and reads its whole response, whatever its status.
StatusOr<SmallAnswer> CallAnyStatus(HttpSession& session, HttpRequest request,
                                    const CallLimits& limits);
/// The same; error responses and web pages become errors.
StatusOr<SmallAnswer> Call(HttpSession& session, HttpRequest request, const CallLimits& limits);

/// Percent-encodes for application/x-www-form-urlencoded.
std::string FormEncode(std::string_view text);

/// Creates a session for the hosts and the proxies of the URL and the options, without a cookie.
StatusOr<std::shared_ptr<HttpSession>> MakeHttpSession(const Url& url, const Options& options);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_CALL_H_

// Implementation of Options::wire_log, a readable log of requests and responses.
#ifndef TQLKIT_CLIENT_SRC_WIRE_LOG_H_
#define TQLKIT_CLIENT_SRC_WIRE_LOG_H_

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "client/src/http_connection.h"
#include "tql/options.h"
#include "tql/transport.h"
#include "tql/url.h"

namespace tql {

/// Maximum number of bytes of a body that are logged.
inline constexpr std::size_t kMostLogged = 2048;

/// Returns up to kMostLogged bytes of `text`, with each of `secrets` replaced by ***. `size` is the
/// size of the whole body. If the body is longer, `text` must have its first kMostLogged bytes plus
/// the length of the longest secret, so that a secret at the limit is recognised.
std::string LoggedBody(std::string_view text, std::size_t size,
                       const std::vector<std::string>& secrets);

/// Wraps a connection so that its requests and responses are logged as they are sent. The bodies of
/// logins and the values of cookies are not logged.
std::unique_ptr<HttpConnection> LogWire(std::unique_ptr<HttpConnection> connection, const Url& url,
                                        WireLog log);

/// Wraps a transport with a binary protocol so that its calls are logged, with requests as JSON.
std::shared_ptr<Transport> LogCalls(std::shared_ptr<Transport> transport, const Url& url,
                                    WireLog log);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_WIRE_LOG_H_

// Options::wire_log: what goes to a service and comes from it, for a person to read.
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

/// What is shown of a body.
inline constexpr std::size_t kMostLogged = 2048;

/// Up to kMostLogged bytes of the text, with *** in the place of each of `secrets`; `size` is that
/// of the whole body, of which at least kMostLogged + (the longest secret) bytes are given.
std::string LoggedBody(std::string_view text, std::size_t size,
                       const std::vector<std::string>& secrets);

/// Tells of each request and answer as it is sent. A login shows no body, cookies no values.
std::unique_ptr<HttpConnection> LogWire(std::unique_ptr<HttpConnection> connection, const Url& url,
                                        WireLog log);

/// Tells of each call of a transport that has no text on the wire: what it carries, as JSON.
std::shared_ptr<Transport> LogCalls(std::shared_ptr<Transport> transport, const Url& url,
                                    WireLog log);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_WIRE_LOG_H_

// One HTTP or HTTPS connection, kept alive between requests. Only http_connection.cc uses the HTTP
// library, cpp-httplib.
#ifndef TQLKIT_CLIENT_SRC_HTTP_CONNECTION_H_
#define TQLKIT_CLIENT_SRC_HTTP_CONNECTION_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/src/cancel_signal.h"
#include "client/src/proxy.h"
#include "tql/options.h"
#include "tql/transport.h"
#include "tql/url.h"

namespace tql {

/// A request. The connection adds Host, User-Agent, Accept-Encoding, Content-Type and the framing.
struct HttpRequest {
  std::string method;
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;
  std::string body;
  /// Sent after `body`. The caller keeps these bytes until Send has returned.
  std::vector<std::string_view> more_body = {};

  std::size_t body_size() const;
};

/// The status and those header fields of a response that the client uses.
struct HttpHead {
  int status = 0;
  std::vector<std::string> set_cookies;
  std::string retry_after = std::string();
  std::string date = std::string();
  std::string content_encoding = std::string();
  std::string content_type = std::string();
  std::string location = std::string();
};

/// Receives a response: first its header, then its body in pieces. A function returns false to
/// cancel the request.
struct HttpReceiver {
  std::function<bool(const HttpHead&)> head;
  std::function<bool(const char* data, std::size_t size)> body;
};

/// Thread safety: one thread at a time; the cancel signal may be set from any thread.
class HttpConnection {
 public:
  virtual ~HttpConnection() = default;

  /// Sends a request and receives its response. After an error, the next call reconnects.
  ///
  /// Errors: UNAVAILABLE if the service cannot be reached or the connection is lost;
  /// FAILED_PRECONDITION if its certificate is not trusted, it does not speak TLS, or the response
  /// is not valid HTTP/1 (http_framing.h); DEADLINE_EXCEEDED; CANCELLED (by the signal or the
  /// receiver); INTERNAL if the header is too long. The lookup of the host name cannot be cancelled
  /// and ignores the deadline.
  virtual Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline deadline,
                      CancelSignal& cancel) = 0;

  /// Whether the last Send had a connection to the service. If not, nothing was sent.
  virtual bool connected() const = 0;

  /// Creates a connection, which is opened by its first request. With a proxy, HTTPS uses a tunnel
  /// and HTTP sends its requests to the proxy.
  static std::unique_ptr<HttpConnection> Make(const Url& url, const Options& options,
                                              const std::optional<Proxy>& proxy = std::nullopt);
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_CONNECTION_H_

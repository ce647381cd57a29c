// One HTTP(S) connection, kept alive between requests. The only file that knows the HTTP library is
// http_connection.cc.
#ifndef TQLKIT_CLIENT_SRC_HTTP_CONNECTION_H_
#define TQLKIT_CLIENT_SRC_HTTP_CONNECTION_H_

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

struct HttpRequest {
  std::string method;
  std::string path;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string content_type;
  std::string body;
};

struct HttpHead {
  int status = 0;
  std::vector<std::string> set_cookies;
  std::string retry_after = std::string();
  std::string date = std::string();
  std::string content_encoding = std::string();
  std::string content_type = std::string();
  std::string location = std::string();
};

/// Where an answer goes. Either returns false to end the request.
struct HttpReceiver {
  std::function<bool(const HttpHead&)> head;
  std::function<bool(const char* data, std::size_t size)> body;
};

class HttpConnection {
 public:
  virtual ~HttpConnection() = default;

  /// Sends a request and receives its answer. UNAVAILABLE when the service cannot be reached or the
  /// connection is lost, FAILED_PRECONDITION when its certificate is not trusted, it does not speak
  /// TLS, or its answer is no proper HTTP/1 (http_framing.h), DEADLINE_EXCEEDED, CANCELLED (by the
  /// signal or the receiver), INTERNAL for a head that is too long. Looking up the name of the host
  /// alone cannot be cancelled and knows no deadline. After an error the connection is made anew.
  virtual Status Send(const HttpRequest& request, const HttpReceiver& receiver, Deadline deadline,
                      CancelSignal& cancel) = 0;

  /// Whether the last Send reached the service: without a connection nothing was sent.
  virtual bool connected() const = 0;

  /// Through the proxy, if there is one: in a tunnel with TLS, otherwise as a request to it.
  static std::unique_ptr<HttpConnection> Make(const Url& url, const Options& options,
                                              const std::optional<Proxy>& proxy = std::nullopt);
};

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HTTP_CONNECTION_H_

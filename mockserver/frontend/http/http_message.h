// HTTP requests and responses as handlers use them, independent of the server's implementation.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_MESSAGE_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_MESSAGE_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockserver/net/cut.h"

namespace tql::frontend {

inline constexpr std::string_view kJsonType = "application/json";

/// One part of a multipart/form-data body.
struct FormPart {
  std::string name;
  std::string filename;  // empty: not a file
  std::string body;
};

/// A request. The views point into `head`, so a request cannot be moved or copied.
struct HttpRequest {
  HttpRequest() = default;
  HttpRequest(const HttpRequest&) = delete;
  HttpRequest& operator=(const HttpRequest&) = delete;

  std::string head;  // request line and header fields, as received
  std::string_view method;
  std::string_view path;   // the target before the '?', not decoded
  std::string_view query;  // the target after the '?', not decoded
  std::string_view host;  // of the target, or else of the Host header; with the port, if it has one
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  bool http_1_0 = false;

  std::string peer;                     // the client's address
  bool tls = false;                     // whether the connection is encrypted
  std::string_view space;               // the namespace that its port belongs to; empty: none
  std::vector<std::string> parameters;  // the parameters of the route's pattern, decoded
  std::string body;
  std::optional<std::vector<FormPart>> form;  // instead of `body`, if the route accepts forms

  /// Returns the value of the first header field with this name, in any case; empty if there is
  /// none.
  std::string_view Header(std::string_view name) const;
};

/// The client of a request in progress.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// Whether the client has disconnected. Nothing is sent to find out. The socket is checked at
  /// most once per millisecond, so that the method may be called between rows. A client that has
  /// closed its sending half may still wait for the response; it counts as disconnected after a
  /// second without one.
  virtual bool Gone() = 0;
  /// Runs a function that waits for something, during which another request may use the thread's
  /// place.
  virtual void RunWaiting(const std::function<void()>& wait) = 0;
};

/// The body of a request, for a route that reads it as it arrives.
class BodyReader {
 public:
  using Receive = std::function<bool(std::string_view piece)>;
  virtual ~BodyReader() = default;
  /// Passes the whole body to `receive`, piece by piece. Returns false if it is incomplete or
  /// `receive` returned false; then the handler's response is sent, unless the body must be
  /// rejected.
  virtual bool Read(const Receive& receive) = 0;
  /// The same for multipart/form-data: calls `begin` for each part (with an empty body), then
  /// `receive` for its pieces. Also returns false if the request has another type.
  virtual bool ReadForm(const std::function<bool(const FormPart& part)>& begin,
                        const Receive& receive) = 0;
};

/// Receives the body of a response while it is produced. A method returns false if the client has
/// disconnected.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  /// Adds a piece. It is sent by the next Flush, when the buffer is full, or at the end.
  virtual bool Write(std::string_view piece) = 0;
  virtual bool Flush() = 0;
  /// Sets the time until which a slow client is tolerated. Afterwards a client that does not read
  /// for a second is disconnected.
  virtual void LimitWrites(std::chrono::steady_clock::time_point deadline) = 0;
  /// Sends what was written, then ends the response early.
  virtual void End(const net::Cut& cut) = 0;
  /// Whether the client has disconnected.
  virtual bool Gone() = 0;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;  // no line breaks
  std::string body;
  /// If set, writes the body instead of `body`, on the same thread after the handler has returned.
  /// Returns nullopt if the body is complete. A returned response replaces this one if nothing of
  /// it was sent; otherwise the connection is closed without the end of the body, so that the
  /// client detects the error. Not called for HEAD.
  std::function<std::optional<HttpResponse>(BodyWriter& body)> stream = nullptr;
  /// If set, the connection ends so instead of the response.
  std::optional<net::Cut> cut = std::nullopt;
};

/// Returns a response with the body {"error":{"code":…,"message":…}}; `code` is the HTTP status.
HttpResponse ErrorResponse(int status, std::string_view message);

/// How a handler receives the body of the request.
enum class BodyMode : std::uint8_t {
  kWhole,     // in HttpRequest::body
  kForm,      // multipart/form-data in HttpRequest::form, anything else in HttpRequest::body
  kStreamed,  // from the BodyReader, of any size
};

/// The arguments of a handler, valid until the response is complete.
struct HttpCall {
  HttpRequest& request;
  HttpClient& client;
  BodyReader& body;
};

/// Handles a request. Called by worker threads, also concurrently.
using HttpHandler = std::function<HttpResponse(const HttpCall& call)>;

/// The maximum size of the body of a request, and the error for a larger one.
struct BodyAllowance {
  std::size_t bytes = 0;
  int status = 413;
  std::string refusal;  // empty: a message with the maximum size
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_MESSAGE_H_

// Requests and responses of HTTP as handlers see them, whatever server is underneath.
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

namespace tql::frontend {

inline constexpr std::string_view kJsonType = "application/json";

/// One part of a multipart/form-data body.
struct FormPart {
  std::string name;
  std::string filename;  // empty: not a file
  std::string body;
};

/// A request. The views point into `head`: it neither moves nor is copied.
struct HttpRequest {
  HttpRequest() = default;
  HttpRequest(const HttpRequest&) = delete;
  HttpRequest& operator=(const HttpRequest&) = delete;

  std::string head;  // request line and headers, as they came
  std::string_view method;
  std::string_view path;   // the target up to its '?', undecoded
  std::string_view query;  // what follows the '?', undecoded
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  bool http_1_0 = false;

  std::string peer;                     // the client's address
  bool tls = false;                     // whether the connection is encrypted
  std::vector<std::string> parameters;  // of the route's pattern, decoded
  std::string body;
  std::optional<std::vector<FormPart>> form;  // instead of `body`, where the route takes forms

  /// The value of the first header of that name (any case), or an empty view.
  std::string_view Header(std::string_view name) const;
};

/// The client of a request that is being answered.
class HttpClient {
 public:
  virtual ~HttpClient() = default;
  /// Whether the client is gone, without sending to it. Looks at the socket every millisecond at
  /// most, so that it may be asked between rows. A client that has closed its end of the connection
  /// may wait for the answer: it is taken for gone when there is none within a second.
  virtual bool Gone() = 0;
};

/// The body of a request, for a route that reads it as it arrives.
class BodyReader {
 public:
  using Receive = std::function<bool(std::string_view piece)>;
  virtual ~BodyReader() = default;
  /// Hands the whole body to `receive`, piece by piece. False when it is not complete or `receive`
  /// returned false; then the handler's answer is sent, unless the body itself is to be refused.
  virtual bool Read(const Receive& receive) = 0;
  /// The same for multipart/form-data: `begin` at each part (its body is empty), then its pieces.
  /// False also when the request has another type.
  virtual bool ReadForm(const std::function<bool(const FormPart& part)>& begin,
                        const Receive& receive) = 0;
};

/// Takes the body of a response while it is made. False from any of its methods: the client is
/// gone.
class BodyWriter {
 public:
  virtual ~BodyWriter() = default;
  /// Adds a piece; it leaves with the next Flush, when much has gathered, or at the end.
  virtual bool Write(std::string_view piece) = 0;
  virtual bool Flush() = 0;
  /// Until when the client may take its time to read: past it, one that reads no further has one
  /// more second.
  virtual void LimitWrites(std::chrono::steady_clock::time_point deadline) = 0;
};

struct HttpResponse {
  int status = 200;
  std::string content_type;
  std::vector<std::pair<std::string, std::string>> headers;  // no line breaks
  std::string body;
  /// Instead of `body`, when set: writes the body, after the handler has returned and on the same
  /// thread. Returns nothing when the body is complete. A response that it returns is sent in place
  /// of this one if nothing of this one has left; else the connection is closed without the sign of
  /// the end, so that the client can tell. Not called for HEAD.
  std::function<std::optional<HttpResponse>(BodyWriter& body)> stream = nullptr;
};

/// {"error":{"code":…,"message":…}}, where `code` is the HTTP status.
HttpResponse ErrorResponse(int status, std::string_view message);

/// How a handler takes the request's body.
enum class BodyMode : std::uint8_t {
  kWhole,     // in HttpRequest::body
  kForm,      // multipart/form-data in HttpRequest::form, anything else in HttpRequest::body
  kStreamed,  // from the BodyReader; as long as it likes
};

/// What a handler gets. All are borrowed, and live until the response is complete.
struct HttpCall {
  HttpRequest& request;
  HttpClient& client;
  BodyReader& body;
};

/// Answers a request; runs on a worker thread, many at a time.
using HttpHandler = std::function<HttpResponse(const HttpCall& call)>;

/// How long the body of a request may be, and what is answered to a longer one.
struct BodyAllowance {
  std::size_t bytes = 0;
  int status = 413;
  std::string refusal;  // empty: says how many bytes there may be
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTP_MESSAGE_H_

// HTTP/1.x requests from bytes, as they arrive: at any split, without a thread waiting for them.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_PARSER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_PARSER_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tql::frontend {

/// One request. The views point into `head`: it neither moves nor is copied.
struct HttpRequest {
  HttpRequest() = default;
  HttpRequest(const HttpRequest&) = delete;
  HttpRequest& operator=(const HttpRequest&) = delete;

  std::string head;  // request line and headers
  std::string_view method;
  std::string_view path;  // the target up to its '?', undecoded
  std::vector<std::pair<std::string_view, std::string_view>> headers;
  std::string body;
  bool http_1_0 = false;
  bool keep_alive = true;

  /// The value of the first header of that name (any case), or an empty view.
  std::string_view Header(std::string_view name) const;
};

/// How long the body of a request may be, and what is answered to a longer one.
struct BodyAllowance {
  std::size_t bytes = 0;
  int status = 413;
  std::string refusal;  // empty: says how many bytes there may be
};

struct RequestLimits {
  std::size_t max_header_bytes = 32 << 10;
  std::size_t max_body_bytes = std::size_t{64} << 20;
  /// Asked, once, about a body of more than `unasked_body_bytes`; may lower max_body_bytes. Empty:
  /// nobody is asked. Called from any thread.
  std::size_t unasked_body_bytes = 0;
  std::function<std::optional<BodyAllowance>(const HttpRequest& head)> body_allowance = nullptr;
};

class RequestParser {
 public:
  explicit RequestParser(RequestLimits limits) : limits_(std::move(limits)) {}

  enum class State : std::uint8_t { kHead, kBody, kComplete, kError };

  /// Takes bytes and answers how many: fewer than given once the request is complete (the rest
  /// belongs to the next one) or refused.
  std::size_t Feed(std::string_view bytes);

  State state() const { return state_; }
  /// Nothing of a request has arrived yet.
  bool empty() const { return state_ == State::kHead && request_.head.empty(); }
  /// When complete: the request. Also after an error, as far as it was read.
  const HttpRequest& request() const { return request_; }
  /// When refused: the HTTP status to answer, and why.
  int error_status() const { return error_status_; }
  const std::string& error() const { return error_; }

  /// True once after the head of a request whose client waits for "100 Continue".
  bool TakeExpectContinue() { return std::exchange(expect_continue_, false); }
  /// Forgets the request, ready for the next one.
  void Reset();

 private:
  enum class Chunk : std::uint8_t { kSize, kData, kDataEnd, kTrailer };

  std::size_t FeedHead(std::string_view bytes);
  std::size_t FeedChunked(std::string_view bytes);
  std::size_t FeedLine(std::string_view bytes, bool* complete);
  bool ParseHead();
  bool ParseRequestLine(std::string_view line);
  bool ParseHeaders(std::string_view lines);
  bool ChooseFraming();
  bool ParseConnection();
  bool ParseChunkSize();
  bool CheckStart(std::size_t begin, std::size_t end);
  /// Whether so many bytes may come; otherwise fails.
  bool Allows(std::size_t body_bytes);
  bool Fail(int status, std::string why);

  const RequestLimits limits_;
  std::optional<BodyAllowance> allowance_;  // of this request, once it was asked for
  HttpRequest request_;
  State state_ = State::kHead;
  Chunk chunk_ = Chunk::kSize;
  bool chunked_ = false;
  bool expect_continue_ = false;
  std::size_t remaining_ = 0;  // bytes of the body, or of the chunk
  std::size_t trailer_bytes_ = 0;
  std::string line_;  // of the chunked framing
  int error_status_ = 0;
  std::string error_;
};

/// Whether two names are equal but for the case of ASCII letters.
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_PARSER_H_

// A strict parser for request lines and header fields of HTTP/1.x. It rejects input that
// cpp-httplib accepts although different readers could interpret it differently.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_HEAD_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/frontend/http/http_message.h"

namespace tql::frontend {

/// The reason why a request is rejected.
struct Refusal {
  int status = 400;
  std::string why;
};

/// Finds the end of a request's header in the received bytes, for any split of them.
class HeadFinder {
 public:
  explicit HeadFinder(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  enum class State : std::uint8_t { kMore, kComplete, kRefused };
  /// `arrived` has all bytes since the start of the request; each call passes more of them.
  State Look(std::string_view arrived);
  /// After kComplete: the size of the header including the empty line, in bytes.
  std::size_t size() const { return size_; }
  const Refusal& refusal() const { return refusal_; }
  void Reset();

 private:
  bool CheckStart(std::string_view head, std::size_t end);
  State Refuse(int status, std::string why);

  const std::size_t max_bytes_;  // without the empty line
  std::size_t looked_ = 0;
  std::size_t size_ = 0;
  Refusal refusal_;
};

/// How the body of a request is framed, and what follows it.
struct Framing {
  std::size_t length = 0;
  bool chunked = false;
  bool expect_continue = false;
  bool keep_alive = true;
  std::string_view encoding = {};  // of the body, from the head; empty: none
};

/// Parses `request.head`, which ends with its empty line, into the request and its framing.
std::optional<Refusal> ReadHead(HttpRequest& request, Framing& framing);

/// Refuses a body with an encoding, for routes that do not decode it.
std::optional<Refusal> RefuseEncoding(const Framing& framing);

/// Returns received text for an error message, shortened and in ASCII.
std::string Found(std::string_view text);

/// The whitespace of header fields.
inline constexpr std::string_view kHeaderBlanks = " \t";

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_HEAD_H_

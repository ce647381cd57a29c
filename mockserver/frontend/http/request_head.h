// Request lines and headers of HTTP/1.x, read strictly: what cpp-httplib would accept although two
// readers of the same bytes could understand them differently is refused here.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_HEAD_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "mockserver/frontend/http/http_message.h"

namespace tql::frontend {

/// A request that gets an error in place of its answer.
struct Refusal {
  int status = 400;
  std::string why;
};

/// Finds the end of a request's head in the bytes as they arrive, at any split.
class HeadFinder {
 public:
  explicit HeadFinder(std::size_t max_bytes) : max_bytes_(max_bytes) {}

  enum class State : std::uint8_t { kMore, kComplete, kRefused };
  /// `arrived`: all bytes since the request began; each call adds to those of the one before.
  State Look(std::string_view arrived);
  /// When complete: how many bytes the head has, with the empty line behind it.
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
};

/// Takes `request.head` apart, which ends with its empty line, into the request and its framing.
std::optional<Refusal> ReadHead(HttpRequest& request, Framing& framing);

/// What was found, fit to be shown: cut, and in ASCII.
std::string Found(std::string_view text);

/// What separates the parts of a header.
inline constexpr std::string_view kHeaderBlanks = " \t";

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_REQUEST_HEAD_H_

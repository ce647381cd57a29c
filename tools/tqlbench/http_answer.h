// Minimal HTTP/1.1, so that the server dominates the measurement.
#ifndef TOOLS_TQLBENCH_HTTP_ANSWER_H_
#define TOOLS_TQLBENCH_HTTP_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tqlbench {

/// Finds the end of one response in the bytes of a connection.
class AnswerReader {
 public:
  /// The body is appended to `body`, or dropped if it is null.
  explicit AnswerReader(std::string* body = nullptr) : body_(body) {}

  /// Takes the next bytes. Bytes after the end of the response make it bad, because requests are
  /// sent one at a time.
  void Feed(std::string_view bytes);

  bool done() const { return state_ == State::kDone; }
  bool bad() const { return state_ == State::kBad; }
  int status() const { return status_; }
  std::uint64_t body_bytes() const { return body_bytes_; }
  /// The status line and the headers.
  const std::string& head() const { return head_; }
  /// The value of a header, or empty if it is absent. `name` is in lower case.
  std::string Header(std::string_view name) const;

 private:
  enum class State : std::uint8_t {
    kHead,
    kFixed,
    kChunkSize,
    kChunkData,
    kChunkEnd,
    kTrailer,
    kDone,
    kBad
  };
  void EndHead();
  void EndLine();
  void TakeBody(std::string_view bytes);

  State state_ = State::kHead;
  std::string* body_;
  std::string head_;
  std::string line_;
  int status_ = 0;
  std::uint64_t left_ = 0;
  std::uint64_t body_bytes_ = 0;
};

/// Returns a request: a GET without a body, otherwise a POST.
std::string HttpRequest(std::string_view path, std::string_view cookie,
                        std::string_view content_type, std::string_view body);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_HTTP_ANSWER_H_

// HTTP/1.1 with as little as possible around it, so that what is measured is the server.
#ifndef TOOLS_TQLBENCH_HTTP_ANSWER_H_
#define TOOLS_TQLBENCH_HTTP_ANSWER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tqlbench {

/// Finds the end of one answer in the bytes of a connection.
class AnswerReader {
 public:
  /// `body`: where the body goes; nullptr drops it.
  explicit AnswerReader(std::string* body = nullptr) : body_(body) {}

  /// Takes the next bytes. Anything after the end of the answer makes it bad: requests are sent one
  /// at a time.
  void Feed(std::string_view bytes);

  bool done() const { return state_ == State::kDone; }
  bool bad() const { return state_ == State::kBad; }
  int status() const { return status_; }
  std::uint64_t body_bytes() const { return body_bytes_; }
  /// The status line and the headers.
  const std::string& head() const { return head_; }
  /// The value of a header, empty when it is absent. `name` in lower case.
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

/// A request; without a body it is a GET, else a POST.
std::string HttpRequest(std::string_view path, std::string_view cookie,
                        std::string_view content_type, std::string_view body);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_HTTP_ANSWER_H_

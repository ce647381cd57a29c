// Reads one HTTP/1 response strictly, and remembers when its lines arrived.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SERVER_HTTP_RESPONSE_H_
#define TQLKIT_TOOLS_TQLCONFORM_SERVER_HTTP_RESPONSE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace tqlconform {

/// Names in lower case, in the order of the response.
using HeaderFields = std::vector<std::pair<std::string, std::string>>;

/// The values of a field, joined by ", "; `*found` is whether the response has it.
std::string FieldOf(const HeaderFields& fields, std::string_view name, bool* found);

/// Whether a response with this status ends with its head.
bool HasNoBody(int status);

class HttpResponseReader {
 public:
  /// `has_no_body`: of a response to HEAD.
  explicit HttpResponseReader(bool has_no_body = false) : has_no_body_(has_no_body) {}

  /// Takes bytes from the front of `*bytes`; bytes after the end of the response are left.
  void Feed(std::string* bytes);
  /// The peer has closed the connection: ends a body without a length.
  void Close();

  bool done() const { return state_ == State::kDone && error_.empty(); }
  bool has_head() const { return state_ != State::kHead && status_ != 0; }
  /// Describes the invalid part; empty if the response is valid so far. After an error no more
  /// bytes are taken.
  const std::string& error() const { return error_; }
  /// Whether the connection can be used for another request.
  bool keeps_alive() const { return keeps_alive_; }

  int status() const { return status_; }
  const HeaderFields& headers() const { return headers_; }
  const std::string& body() const { return body_; }

 private:
  enum class State : std::uint8_t {
    kHead,
    kLength,
    kUntilClose,
    kChunkSize,
    kChunk,
    kChunkEnd,
    kTrailer,
    kDone
  };
  void Fail(std::string error);
  void CountExtra(std::size_t bytes, const char* error);
  bool TakeLine(std::string* bytes, std::string* line);
  void TakeHead(std::string* bytes);
  void ParseHead(std::string_view head);
  void ChooseFraming();
  void TakeBody(std::string* bytes);
  void ParseChunkSize(std::string_view line);

  const bool has_no_body_;
  State state_ = State::kHead;
  std::string error_;
  int status_ = 0;
  bool keeps_alive_ = true;
  HeaderFields headers_;
  std::string body_;
  std::uint64_t left_ = 0;
  std::size_t extra_bytes_ = 0;  // of interim responses and of the trailer
};

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SERVER_HTTP_RESPONSE_H_

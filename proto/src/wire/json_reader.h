// A strict tokenizer for JSON that reports every error with its position.
#ifndef TQLKIT_PROTO_SRC_WIRE_JSON_READER_H_
#define TQLKIT_PROTO_SRC_WIRE_JSON_READER_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql::wire {

/// Reads a JSON text token by token. Functions that can fail return false on failure, and status()
/// has the first error. Whitespace before a token is skipped. Thread safety: one thread.
class JsonReader {
 public:
  JsonReader(std::string_view text, int max_depth) : text_(text), max_depth_(max_depth) {}

  /// Returns the first character of the next token; 0 at the end.
  char Peek() {
    SkipBlanks();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  /// Consumes `c` if it is the next token. Not finding it is not an error.
  bool Take(char c) {
    if (Peek() != c || at_ == text_.size()) return false;
    ++at_;
    return true;
  }
  /// Consumes `c`, or fails with "expected 'c' `where`".
  bool Expect(char c, std::string_view where);
  /// Reads a string in quotes and unescapes it. The result is valid UTF-8.
  bool ReadString(std::string* out);
  /// Reads a number or a word without quotes (true, null, TQL_SCRIPT) without converting it.
  bool ReadBare(std::string_view* out);
  /// Reads and discards any value, checking its syntax.
  bool SkipValue();
  /// Counts the nesting depth: call Enter before the opening bracket of an object or array, Leave
  /// after its end. Enter fails if the depth exceeds the limit.
  bool Enter();
  void Leave() { --depth_; }

  bool AtEnd() { return Peek() == 0 && at_ == text_.size(); }
  std::size_t offset() const { return at_; }
  /// Describes the next token for an error message.
  std::string Found();
  bool Fail(std::string message) { return FailAt(at_, std::move(message)); }
  bool FailAt(std::size_t offset, std::string message);
  bool FailExpected(std::string_view expected) {
    return Fail("found " + Found() + ", expected " + std::string(expected));
  }
  const Status& status() const { return status_; }

 private:
  static bool IsBlank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }
  void SkipBlanks() {
    while (at_ < text_.size() && IsBlank(text_[at_])) ++at_;
  }
  bool ReadEscape(std::string* out);
  bool SkipMembers(char close);

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  const int max_depth_;
  Status status_;
};

}  // namespace tql::wire

#endif  // TQLKIT_PROTO_SRC_WIRE_JSON_READER_H_

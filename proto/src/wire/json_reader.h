// The tokens of a JSON text, read strictly and with a place for every error.
#ifndef TQLKIT_PROTO_SRC_WIRE_JSON_READER_H_
#define TQLKIT_PROTO_SRC_WIRE_JSON_READER_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace tql::wire {

/// Every function that can fail answers false then, and status() says why. Blanks before a token
/// are skipped. Thread safety: none.
class JsonReader {
 public:
  JsonReader(std::string_view text, int max_depth) : text_(text), max_depth_(max_depth) {}

  /// The first character of the next token; 0 at the end.
  char Peek();
  /// Takes `c` if it is next.
  bool Take(char c);
  bool Expect(char c, std::string_view where);
  /// A string in quotes, unescaped, as valid UTF-8.
  bool ReadString(std::string* out);
  /// A number, or a bare word (true, null, TQL_SCRIPT), as it stands.
  bool ReadBare(std::string_view* out);
  /// Any value.
  bool SkipValue();
  /// Goes into and out of an object or array.
  bool Enter();
  void Leave() { --depth_; }

  bool AtEnd() { return Peek() == 0 && at_ == text_.size(); }
  std::size_t offset() const { return at_; }
  /// What stands at the next token, for people.
  std::string Found();
  bool Fail(std::string message) { return FailAt(at_, std::move(message)); }
  bool FailAt(std::size_t offset, std::string message);
  bool FailExpected(std::string_view expected) {
    return Fail("found " + Found() + ", expected " + std::string(expected));
  }
  const Status& status() const { return status_; }

 private:
  void SkipBlanks();
  bool ReadEscape(std::string* out);
  bool SkipMembers(char close);

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  const int max_depth_;
  Status status_;
};

/// Whether `text` is a number as JSON writes it.
bool IsJsonNumber(std::string_view text);

}  // namespace tql::wire

#endif  // TQLKIT_PROTO_SRC_WIRE_JSON_READER_H_

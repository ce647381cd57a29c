// JSON texts, written piece by piece.
//
// Strings are escaped as protobuf's JsonUtil escapes them: the quote, the backslash, control
// characters, '<', '>' and the invisible characters of Unicode (U+007F-009F, 00AD, 2028, 2029,
// FEFF, …) as \uXXXX; bytes that are not UTF-8 become U+FFFD (utf8.h).
#ifndef TQLKIT_PROTO_BASE_JSON_WRITER_H_
#define TQLKIT_PROTO_BASE_JSON_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tql::base {

/// Appends `text` as a JSON string with its quotes. `text` must not lie in `*out`.
void AppendJsonString(std::string_view text, std::string* out);

/// The maximum number of bytes that one byte is encoded as: \u00XX.
inline constexpr std::size_t kMaxJsonGrowth = 6;
/// The number of bytes that PutJsonString may write beyond that.
inline constexpr std::size_t kJsonSlack = 18;

/// Writes the string with quotes and returns the end of the output. `out` must have room for
/// text.size() * kMaxJsonGrowth + kJsonSlack bytes.
char* PutJsonString(std::string_view text, char* out);

/// Writes objects, arrays and values to the end of a string, and the commas between them:
///
///   JsonWriter json(&text);
///   json.BeginObject().Key("name").String("x").Key("sizes").BeginArray().Integer(1).EndArray();
///   json.EndObject();
///
/// The caller keeps to the grammar: a key before each value in an object, each Begin with its End.
class JsonWriter {
 public:
  explicit JsonWriter(std::string* out) : out_(*out) {}

  JsonWriter& BeginObject() { return Begin('{'); }
  JsonWriter& EndObject() { return End('}'); }
  JsonWriter& BeginArray() { return Begin('['); }
  JsonWriter& EndArray() { return End(']'); }
  JsonWriter& Key(std::string_view key) {
    Separate();
    AppendJsonString(key, &out_);
    out_ += ':';
    return *this;
  }

  JsonWriter& String(std::string_view value) {
    Separate();
    AppendJsonString(value, &out_);
    return Written();
  }
  JsonWriter& Integer(std::int64_t value) { return Raw(std::to_string(value)); }
  JsonWriter& Bool(bool value) { return Raw(value ? "true" : "false"); }
  /// A value that is JSON already.
  JsonWriter& Raw(std::string_view json) {
    Separate();
    out_ += json;
    return Written();
  }

  /// Whitespace in front of the next key or value, for readers.
  JsonWriter& Space(std::string_view blanks) {
    Separate();
    out_ += blanks;
    return *this;
  }

 private:
  JsonWriter& Begin(char bracket) {
    Separate();
    out_ += bracket;
    return *this;
  }
  JsonWriter& End(char bracket) {
    out_ += bracket;
    return Written();
  }
  JsonWriter& Written() {
    needs_comma_ = true;
    return *this;
  }
  void Separate() {
    if (needs_comma_) out_ += ',';
    needs_comma_ = false;
  }

  std::string& out_;
  bool needs_comma_ = false;  // a value stands before what comes next
};

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_JSON_WRITER_H_

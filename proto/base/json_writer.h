// Writes JSON piece by piece.
//
// Strings are escaped as by protobuf's JsonUtil: quotes, backslashes, control characters, '<', '>'
// and Unicode's invisible characters (U+007F-009F, 00AD, 2028, 2029, FEFF, …, as \uXXXX); invalid
// UTF-8 becomes U+FFFD (utf8.h).
#ifndef TQLKIT_PROTO_BASE_JSON_WRITER_H_
#define TQLKIT_PROTO_BASE_JSON_WRITER_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace tql::base {

/// Appends `text` as a JSON string with quotes. `text` must not point into `*out`.
void AppendJsonString(std::string_view text, std::string* out);

/// Whether the text is a number in JSON's syntax: not "inf", "nan", "007" or ".5".
bool IsJsonNumber(std::string_view text);

/// Appends objects, arrays and values to a string, with the commas between them:
///
///   JsonWriter json(&text);
///   json.BeginObject().Key("name").String("x").Key("sizes").BeginArray().Integer(1).EndArray();
///   json.EndObject();
///
/// The caller must follow the grammar: a key before each value of an object, an End for each Begin.
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
  /// Appends a value that is already encoded as JSON.
  JsonWriter& Raw(std::string_view json) {
    Separate();
    out_ += json;
    return Written();
  }

  /// Appends whitespace before the next key or value, for readability.
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
  bool needs_comma_ = false;  // a value precedes the next key or value
};

}  // namespace tql::base

#endif  // TQLKIT_PROTO_BASE_JSON_WRITER_H_

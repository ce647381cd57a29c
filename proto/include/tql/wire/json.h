// Conversion of protobuf messages to JSON and back.
//
// ToJson is protobuf's JsonUtil with the field names of the .proto file (snake_case). A field that
// is set is printed, even if its value is the default or zero ("type":"INFO"); a field that is not
// set is never printed. int64 values are printed as strings.
//
// FromJson is a strict single-pass parser that fills the message by its descriptor, reports every
// error with its position and enforces limits on size and depth. It agrees with JsonUtil on all
// output of ToJson. It tolerates exactly what real clients and servers need:
//   - keys in snake_case or camelCase; unknown keys are skipped, but their values must be JSON;
//   - null for an absent value; in an array of strings, null is an empty string;
//   - integers as a number or a string, also 1e3 and 7.0 if the value is integral;
//   - a boolean or a number in place of a string, which becomes its text ("null_string":true);
//   - booleans also as the strings "true" and "false";
//   - enum values as a name, a number, a number in a string, or a name without quotes
//     (TQL_SCRIPT); an unknown name or number is an error, or is skipped
//     (JsonLimits::skip_unknown_enum_values);
//   - an element of an array of strings as {"s":"x"} instead of "x";
//   - a byte order mark at the start.
// The other extensions of JsonUtil (trailing commas, single quotes, keys without quotes) are
// errors. If a key occurs twice, the last scalar wins, objects are merged and arrays are
// concatenated.
//
// Thread safety: the functions are stateless.
#ifndef TQL_WIRE_JSON_H_
#define TQL_WIRE_JSON_H_

#include <cstddef>
#include <string>
#include <string_view>

#include "tql/status.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace tql {

/// Limits and leniency of FromJson.
struct JsonLimits {
  /// Maximum size of the text, in bytes.
  std::size_t max_bytes = std::size_t{64} << 20;
  /// Maximum nesting depth of objects and arrays, also in values that are skipped.
  int max_depth = 64;
  /// Whether an unknown enum value leaves its field unset, as clients do with responses of newer
  /// services, or is an error.
  bool skip_unknown_enum_values = false;
};

/// Returns the message as one line of JSON without a newline. Invalid UTF-8 in strings is replaced
/// as by SanitizeUtf8 (utf8.h).
std::string ToJson(const google::protobuf::Message& message);

/// Parses `text` into `*message`, which is cleared first. Errors: kInvalidArgument with the
/// position in `text`; kResourceExhausted if a limit is exceeded. After an error the message holds
/// the fields parsed before it.
Status FromJson(std::string_view text, google::protobuf::Message* message,
                const JsonLimits& limits = {});

/// The same, returning the message: FromJson<pb::ExecuteQueryRequest>(body).
template <typename Message>
StatusOr<Message> FromJson(std::string_view text, const JsonLimits& limits = {}) {
  Message message;
  if (Status status = FromJson(text, &message, limits); !status.ok()) return status;
  return message;
}

/// Parses with JsonUtil, ignoring unknown keys. Tests and benchmarks compare FromJson and
/// ResponseDecoder with it. Errors: kInvalidArgument, without a position.
Status ReferenceFromJson(std::string_view text, google::protobuf::Message* message);

}  // namespace tql

#endif  // TQL_WIRE_JSON_H_

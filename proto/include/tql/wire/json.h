// Messages <-> JSON.
//
// Writing is protobuf's JsonUtil with the names of the .proto file (snake_case): a field that is
// set is printed, also when its value is a default or zero ("type":"INFO"); one that is not set
// never is. int64 values are printed as strings.
//
// Reading is one strict pass over the text which fills the message by its descriptor, so that
// every error has a place and no limit can be passed. It agrees with JsonUtil on whatever
// ToJson writes. All the tolerance that real clients and servers need is in it, and no more:
//   - keys in snake_case or camelCase; unknown keys are skipped (their values must be JSON);
//   - null is an absent value, for an element of an array of strings an empty one;
//   - integers as a number or as a string, also "1e3" and 7.0 when the value is integral;
//   - a boolean or a number where a string is due is taken as its text ("null_string":true);
//   - booleans also as the strings "true" and "false";
//   - enum values by name, by number, by number in a string, and by name without quotes
//     (TQL_SCRIPT); a name or number that the enum lacks is an error, or passed over like an
//     unknown key (JsonLimits::skip_unknown_enum_values);
//   - an element of an array of strings as {"s":"x"} instead of "x";
//   - a byte order mark at the start.
// JsonUtil's own leniency (trailing commas, single quotes, keys without quotes) is not taken over.
// A key that comes twice: the last scalar wins, objects merge, arrays append.
//
// Thread safety: the functions keep no state.
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

/// What FromJson refuses to read.
struct JsonLimits {
  /// Bytes of the whole text.
  std::size_t max_bytes = std::size_t{64} << 20;
  /// Objects and arrays within each other, also in values that are skipped.
  int max_depth = 64;
  /// Whether an enum's value that is unknown leaves its field unset, for answers of services that
  /// know more; otherwise it is an error.
  bool skip_unknown_enum_values = false;
};

/// The message as one line of JSON without a newline. Bytes of strings that are no UTF-8 are
/// replaced as by SanitizeUtf8 (utf8.h).
std::string ToJson(const google::protobuf::Message& message);

/// Reads `text` into `*message`, which is cleared first. Errors: kInvalidArgument with the place
/// in `text`; kResourceExhausted when a limit is exceeded. After an error the message holds what
/// was read before it.
Status FromJson(std::string_view text, google::protobuf::Message* message,
                const JsonLimits& limits = {});

/// The same as a value: FromJson<pb::ExecuteQueryRequest>(body).
template <typename Message>
StatusOr<Message> FromJson(std::string_view text, const JsonLimits& limits = {}) {
  Message message;
  if (Status status = FromJson(text, &message, limits); !status.ok()) return status;
  return message;
}

/// The reading half of JsonUtil alone, unknown keys ignored: what the fast paths are compared
/// with, in tests and benchmarks. Errors: kInvalidArgument, without a place.
Status ReferenceFromJson(std::string_view text, google::protobuf::Message* message);

}  // namespace tql

#endif  // TQL_WIRE_JSON_H_

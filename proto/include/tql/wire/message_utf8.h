// The strings of a whole message and UTF-8 (see utf8.h for the rule). Protobuf itself lets any
// bytes stand in a proto2 string.
//
// Thread safety: the functions keep no state.
#ifndef TQL_WIRE_MESSAGE_UTF8_H_
#define TQL_WIRE_MESSAGE_UTF8_H_

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace tql {

/// Whether every string of the message, and of those within it, is valid UTF-8.
bool HasValidUtf8(const google::protobuf::Message& message);

/// Replaces what is not, as SanitizeUtf8 does.
void SanitizeStrings(google::protobuf::Message* message);

}  // namespace tql

#endif  // TQL_WIRE_MESSAGE_UTF8_H_

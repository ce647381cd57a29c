// UTF-8 validation and repair of all strings of a protobuf message (see utf8.h). Protobuf does not
// validate the strings of proto2 messages itself.
//
// Thread safety: the functions are stateless.
#ifndef TQL_WIRE_MESSAGE_UTF8_H_
#define TQL_WIRE_MESSAGE_UTF8_H_

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace tql {

/// Whether every string of the message and its submessages is valid UTF-8.
bool HasValidUtf8(const google::protobuf::Message& message);

/// Replaces invalid UTF-8 in these strings as SanitizeUtf8 does.
void SanitizeStrings(google::protobuf::Message* message);

}  // namespace tql

#endif  // TQL_WIRE_MESSAGE_UTF8_H_

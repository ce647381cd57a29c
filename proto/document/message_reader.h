// Fills protobuf messages from documents, strictly: every mistake is an error with its path and its
// place.
#ifndef TQLKIT_PROTO_DOCUMENT_MESSAGE_READER_H_
#define TQLKIT_PROTO_DOCUMENT_MESSAGE_READER_H_

#include <string>
#include <string_view>
#include <vector>

#include "proto/document/document.h"
#include "tql/status.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace tql::document {

/// Keys are field names in snake_case or camelCase. A string field takes every scalar as it is
/// written. Bytes take base64 from !!binary and from JSON, and in YAML otherwise the text itself. A
/// duration is "3s" or "0.5s", a timestamp as in RFC 3339. Unknown keys, nulls, two fields of one
/// oneof, and values of another form are errors:
///   rule[3].times: line 12, column 10: expected a number from 0 to 4294967295, found "often"
Status ReadMessage(const Node& node, google::protobuf::Message* message);

/// The keys of a document in JSON that a message of this type, or one of its parts, does not have:
/// their paths, e.g. "query.statment", the first 20. None for a text that is not JSON.
std::vector<std::string> UnknownKeys(std::string_view text,
                                     const google::protobuf::Descriptor& type);

/// Parse and ReadMessage.
Status ReadMessage(std::string_view text, google::protobuf::Message* message,
                   const Limits& limits = {});

}  // namespace tql::document

#endif  // TQLKIT_PROTO_DOCUMENT_MESSAGE_READER_H_

// The JSON of the objects of ThenaWorld.
#ifndef TQLKIT_MOCKSERVER_THENA_OBJECT_JSON_H_
#define TQLKIT_MOCKSERVER_THENA_OBJECT_JSON_H_

#include "proto/base/json_writer.h"

namespace google::protobuf {
class Message;
}  // namespace google::protobuf

namespace tql::thena {

/// Appends the object with all of its fields, under the names of the .proto file. A timestamp is
/// text with milliseconds, "2024-01-09T22:27:40.000Z"; an optional field or a message that is not
/// set is null.
void AppendObject(const google::protobuf::Message& object, base::JsonWriter& json);

}  // namespace tql::thena

#endif  // TQLKIT_MOCKSERVER_THENA_OBJECT_JSON_H_

#include "mockserver/thena/object_json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <google/protobuf/timestamp.pb.h>

#include <cstdio>
#include <string>

#include "mockserver/values/civil_time.h"

namespace tql::thena {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;
using google::protobuf::Timestamp;

void AppendTime(const Timestamp& time, base::JsonWriter& json) {
  constexpr std::int32_t kNanosPerMilli = 1'000'000;
  const values::CivilTime civil = values::ToCivil(time.seconds());
  char text[64];
  std::snprintf(text, sizeof(text), "%04d-%02u-%02uT%02u:%02u:%02u.%03dZ", civil.year, civil.month,
                civil.day, civil.hour, civil.minute, civil.second, time.nanos() / kNanosPerMilli);
  json.String(text);
}

void AppendMessage(const Message& value, base::JsonWriter& json) {
  if (value.GetDescriptor() == Timestamp::descriptor()) {
    AppendTime(dynamic_cast<const Timestamp&>(value), json);
  } else {
    AppendObject(value, json);
  }
}

void AppendList(const Message& object, const FieldDescriptor& field, base::JsonWriter& json) {
  const Reflection& reflection = *object.GetReflection();
  json.BeginArray();
  for (int i = 0; i < reflection.FieldSize(object, &field); ++i) {
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      AppendMessage(reflection.GetRepeatedMessage(object, &field, i), json);
    } else {
      std::string scratch;
      json.String(reflection.GetRepeatedStringReference(object, &field, i, &scratch));
    }
  }
  json.EndArray();
}

void AppendField(const Message& object, const FieldDescriptor& field, base::JsonWriter& json) {
  const Reflection& reflection = *object.GetReflection();
  if (field.is_repeated()) return AppendList(object, field, json);
  if (field.has_presence() && !reflection.HasField(object, &field)) {
    json.Raw("null");
    return;
  }
  std::string scratch;
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return AppendMessage(reflection.GetMessage(object, &field), json);
    case FieldDescriptor::CPPTYPE_BOOL:
      json.Bool(reflection.GetBool(object, &field));
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      json.Integer(reflection.GetInt32(object, &field));
      return;
    case FieldDescriptor::CPPTYPE_INT64:
      json.Integer(reflection.GetInt64(object, &field));
      return;
    default:  // the objects have no fields of other types
      json.String(reflection.GetStringReference(object, &field, &scratch));
  }
}

}  // namespace

void AppendObject(const Message& object, base::JsonWriter& json) {
  const google::protobuf::Descriptor& type = *object.GetDescriptor();
  json.BeginObject();
  for (int i = 0; i < type.field_count(); ++i) {
    json.Key(type.field(i)->name());
    AppendField(object, *type.field(i), json);
  }
  json.EndObject();
}

}  // namespace tql::thena

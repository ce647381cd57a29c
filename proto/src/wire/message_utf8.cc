#include "tql/wire/message_utf8.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <string>
#include <vector>

#include "proto/base/utf8.h"

namespace tql {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool HasValidUtf8(const Message& message) {
  const Reflection& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  std::string scratch;
  for (const FieldDescriptor* field : fields) {
    const bool text = field->type() == FieldDescriptor::TYPE_STRING;  // not bytes
    const bool nested = field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE;
    if (!text && !nested) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (nested) {
        if (!HasValidUtf8(field->is_repeated() ? reflection.GetRepeatedMessage(message, field, i)
                                               : reflection.GetMessage(message, field))) {
          return false;
        }
        continue;
      }
      const std::string& value =
          field->is_repeated() ? reflection.GetRepeatedStringReference(message, field, i, &scratch)
                               : reflection.GetStringReference(message, field, &scratch);
      if (base::ValidUtf8Prefix(value) != value.size()) return false;
    }
  }
  return true;
}

void SanitizeStrings(Message* message) {
  const Reflection& reflection = *message->GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(*message, &fields);
  for (const FieldDescriptor* field : fields) {
    const int count = field->is_repeated() ? reflection.FieldSize(*message, field) : 1;
    for (int i = 0; i < count; ++i) {
      if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
        SanitizeStrings(field->is_repeated() ? reflection.MutableRepeatedMessage(message, field, i)
                                             : reflection.MutableMessage(message, field));
      } else if (field->type() != FieldDescriptor::TYPE_STRING) {
        continue;
      } else if (field->is_repeated()) {
        reflection.SetRepeatedString(
            message, field, i,
            base::SanitizeUtf8(reflection.GetRepeatedString(*message, field, i)));
      } else {
        reflection.SetString(message, field,
                             base::SanitizeUtf8(reflection.GetString(*message, field)));
      }
    }
  }
}

}  // namespace tql

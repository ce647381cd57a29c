#include "mockserver/testdouble/option_values.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <algorithm>

#include "mockserver/testdouble/checks.h"
#include "mockserver/testdouble/near_names.h"
#include "proto/base/utf8.h"

namespace tql::testdouble {
namespace {

std::string ValueText(const google::protobuf::Message& message,
                      const google::protobuf::FieldDescriptor* field) {
  using Field = google::protobuf::FieldDescriptor;
  const google::protobuf::Reflection& values = *message.GetReflection();
  switch (field->cpp_type()) {
    case Field::CPPTYPE_BOOL:
      return values.GetBool(message, field) ? "true" : "false";
    case Field::CPPTYPE_INT32:
      return std::to_string(values.GetInt32(message, field));
    case Field::CPPTYPE_INT64:
      return std::to_string(values.GetInt64(message, field));
    default:
      return values.GetString(message, field);
  }
}

void AddOptions(const google::protobuf::Message& message, const std::string& prefix,
                std::vector<OptionValue>* out) {
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* field : fields) {
    const std::string path = prefix + field->name();
    if (field->message_type() != nullptr) {
      AddOptions(message.GetReflection()->GetMessage(message, field), path + ".", out);
    } else {
      out->push_back({path, ValueText(message, field)});
    }
  }
}

/// The field of TqlOptions at a path, or nullptr.
const google::protobuf::FieldDescriptor* OptionAt(std::string_view path) {
  const google::protobuf::Descriptor* message = pb::TqlOptions::descriptor();
  const google::protobuf::FieldDescriptor* field = nullptr;
  while (message != nullptr && !path.empty()) {
    const std::size_t end = std::min(path.find('.'), path.size());
    field = message->FindFieldByName(std::string(path.substr(0, end)));
    if (field == nullptr) return nullptr;
    message = field->message_type();
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  return path.empty() && message == nullptr ? field : nullptr;
}

void AddOptionPaths(const google::protobuf::Descriptor& message, const std::string& prefix,
                    std::vector<std::string>* out) {
  for (int i = 0; i < message.field_count(); ++i) {
    const std::string path = prefix + message.field(i)->name();
    if (message.field(i)->message_type() != nullptr) {
      AddOptionPaths(*message.field(i)->message_type(), path + ".", out);
    } else {
      out->push_back(path);
    }
  }
}

}  // namespace

std::vector<OptionValue> OptionsSet(const pb::TqlOptions& options) {
  std::vector<OptionValue> set;
  AddOptions(options, "", &set);
  return set;
}

Status CheckOption(const OptionValue& option, std::string_view path) {
  const google::protobuf::FieldDescriptor* const field = OptionAt(option.path);
  if (field == nullptr) {
    std::vector<std::string> paths;
    AddOptionPaths(*pb::TqlOptions::descriptor(), "", &paths);
    const std::vector<std::string_view> views(paths.begin(), paths.end());
    return ErrorAt(path, "unknown option" + NearNames(option.path, views));
  }
  const bool is_bool = field->cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_BOOL;
  if (is_bool && option.value != "true" && option.value != "false") {
    return ErrorAt(path,
                   "found '" + base::Excerpt(option.value, 200) + "', expected true or false");
  }
  return CheckLength(option.value, path);
}

}  // namespace tql::testdouble

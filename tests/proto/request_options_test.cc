// The table of request options, compared with the descriptor of TqlOptions.
#include "proto/base/request_options.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "tql/wire/messages.h"
#include "tql/wire/request_option_fields.h"

namespace tql {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;

struct Field {
  std::string path;
  const FieldDescriptor* descriptor;
};

/// Adds the fields of all options that are not messages.
void AddFields(const Descriptor& message, const std::string& prefix, std::vector<Field>& fields) {
  for (int i = 0; i < message.field_count(); ++i) {
    const FieldDescriptor& field = *message.field(i);
    const std::string path = prefix + field.name();
    if (field.message_type() != nullptr) {
      AddFields(*field.message_type(), path + '.', fields);
    } else {
      fields.push_back({path, &field});
    }
  }
}

std::vector<Field> AllFields() {
  std::vector<Field> fields;
  AddFields(*pb::TqlOptions::descriptor(), "", fields);
  return fields;
}

std::string DefaultOf(const FieldDescriptor& field) {
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_BOOL:
      return field.default_value_bool() ? "true" : "false";
    case FieldDescriptor::CPPTYPE_INT64:
      return std::to_string(field.default_value_int64());
    default:
      return field.default_value_string();
  }
}

TEST(RequestOptionsTest, RowsAreThoseOfTheDescriptor) {
  const std::vector<Field> fields = AllFields();
  ASSERT_EQ(base::kRequestOptions.size(), fields.size());
  std::set<std::string_view> names;
  for (const base::RequestOption& option : base::kRequestOptions) {
    const Field& field = fields[option.index];
    EXPECT_EQ(option.path(), field.path);
    EXPECT_EQ(option.field_name(), field.descriptor->name());
    EXPECT_TRUE(names.insert(option.name).second) << option.name;
    EXPECT_TRUE(option.name.ends_with(field.descriptor->name())) << option.name;
    const auto type = field.descriptor->cpp_type();
    EXPECT_EQ(option.value == "BOOL", type == FieldDescriptor::CPPTYPE_BOOL) << option.name;
    EXPECT_EQ(option.value == "N", type == FieldDescriptor::CPPTYPE_INT64) << option.name;
    EXPECT_FALSE(field.descriptor->is_repeated()) << option.name;
  }
}

TEST(RequestOptionsTest, HelpHasDefault) {
  const std::vector<Field> fields = AllFields();
  for (const base::RequestOption& option : base::kRequestOptions) {
    // The shell stops a script after an error unless the option is given.
    if (option.help.empty() || option.name == "continue_execution_on_error") continue;
    const std::string shown = '(' + DefaultOf(*fields[option.index].descriptor) + ')';
    EXPECT_NE(option.help.find(shown), option.help.npos) << option.name << ": no " << shown;
  }
}

/// Adds the fields that are set and not messages.
void AddSetFields(const google::protobuf::Message& message, std::vector<std::string>& names) {
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  for (const FieldDescriptor* const field : fields) {
    if (field->message_type() == nullptr) {
      names.push_back(field->full_name());
    } else {
      AddSetFields(message.GetReflection()->GetMessage(message, field), names);
    }
  }
}

TEST(RequestOptionsTest, SetsItsFieldAlone) {
  const std::vector<Field> fields = AllFields();
  for (const base::RequestOption& option : base::kRequestOptions) {
    pb::TqlOptions message;
    if (option.value == "BOOL") {
      SetOption(option, true, &message);
    } else if (option.value == "N") {
      SetOption(option, std::int64_t{4711}, &message);
    } else {
      SetOption(option, std::string("x"), &message);
    }
    std::vector<std::string> names;
    AddSetFields(message, names);
    EXPECT_EQ(names, std::vector{fields[option.index].descriptor->full_name()}) << option.name;
  }
}

TEST(RequestOptionsTest, SetsValues) {
  pb::TqlOptions message;
  for (const base::RequestOption& option : base::kRequestOptions) {
    if (option.name == "pagination_size") SetOption(option, std::int64_t{3}, &message);
    if (option.name == "time_format") SetOption(option, std::string("%H"), &message);
    if (option.name == "format_output") SetOption(option, false, &message);
  }
  pb::TqlOptions expected;
  expected.mutable_query_options()->mutable_pagination()->set_size(3);
  expected.mutable_formatting_options()->mutable_date_format()->set_time_format("%H");
  expected.set_format_output(false);
  EXPECT_EQ(message.DebugString(), expected.DebugString());
}

}  // namespace
}  // namespace tql

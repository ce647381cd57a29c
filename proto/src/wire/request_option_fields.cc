#include "tql/wire/request_option_fields.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <array>
#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace tql {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

/// A field and the messages around it.
struct OptionField {
  std::vector<const FieldDescriptor*> parents;  // from the outermost
  const FieldDescriptor* field = nullptr;
};

OptionField FieldAt(std::string_view path) {
  OptionField found;
  const google::protobuf::Descriptor* message = pb::TqlOptions::descriptor();
  for (std::size_t dot = 0; (dot = path.find('.')) != path.npos; path.remove_prefix(dot + 1)) {
    found.parents.push_back(message->FindFieldByName(std::string(path.substr(0, dot))));
    message = found.parents.back()->message_type();
  }
  found.field = message->FindFieldByName(std::string(path));
  return found;
}

const OptionField& FieldOf(const base::RequestOption& option) {
  // Never destroyed, because threads may use it while the process exits.
  static const auto& fields = *new auto([] {
    std::array<OptionField, base::kRequestOptions.size()> all;
    for (const base::RequestOption& each : base::kRequestOptions) {
      all[each.index] = FieldAt(each.path());
    }
    return all;
  }());
  return fields[option.index];
}

Message* ParentOf(const OptionField& option, pb::TqlOptions* options) {
  Message* message = options;
  for (const FieldDescriptor* const parent : option.parents) {
    message = message->GetReflection()->MutableMessage(message, parent);
  }
  return message;
}

}  // namespace

void PrepareOptionFields() {
  pb::TqlOptions scratch;
  for (const base::RequestOption& option : base::kRequestOptions) {
    (void)ParentOf(FieldOf(option), &scratch)->GetReflection();
  }
}

template <typename T>
void SetOption(const base::RequestOption& option, const T& value, pb::TqlOptions* options) {
  const OptionField& found = FieldOf(option);
  const FieldDescriptor* const field = found.field;
  Message* const message = ParentOf(found, options);
  const Reflection& reflection = *message->GetReflection();
  if constexpr (std::same_as<T, bool>) {
    reflection.SetBool(message, field, value);
  } else if constexpr (std::same_as<T, std::int64_t>) {
    reflection.SetInt64(message, field, value);
  } else {
    reflection.SetString(message, field, value);
  }
}

template void SetOption(const base::RequestOption&, const bool&, pb::TqlOptions*);
template void SetOption(const base::RequestOption&, const std::int64_t&, pb::TqlOptions*);
template void SetOption(const base::RequestOption&, const std::string&, pb::TqlOptions*);

}  // namespace tql

#include "tools/tqlconform/suite/rpc_messages.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/dynamic_message.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "proto/base/status_macros.h"
#include "tql/wire/json.h"
#include "tql/wire/service_descriptors.h"

namespace tqlconform {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

/// The services under their public names.
struct Services {
  Services() {
    google::protobuf::FileDescriptorSet set;
    const std::string_view bytes = tql::ServiceDescriptors();
    set.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()));
    for (const google::protobuf::FileDescriptorProto& file : set.file()) pool.BuildFile(file);
  }
  google::protobuf::DescriptorPool pool;
  google::protobuf::DynamicMessageFactory factory{&pool};
};

Services& AllServices() {
  static auto* const services = new Services;
  return *services;
}

}  // namespace

tql::StatusOr<RpcMessages> MessagesOf(const confpb::Rpc& rpc) {
  std::string name = rpc.method();
  std::ranges::replace(name, '/', '.');
  const MethodDescriptor* const method = AllServices().pool.FindMethodByName(name);
  if (method == nullptr || std::ranges::count(rpc.method(), '/') != 1) {
    return tql::InvalidArgumentError(
        "expected a method like grpc.health.v1.Health/Check of a known service, found \"" +
        rpc.method() + '"');
  }
  RpcMessages messages{
      .path = '/' + rpc.method(), .requests = {}, .response = method->output_type()};
  const std::unique_ptr<Message> request = NewMessage(method->input_type());
  for (const std::string& json : rpc.request()) {
    TQL_RETURN_IF_ERROR(tql::FromJson(json, request.get()));
    messages.requests.push_back(request->SerializeAsString());
  }
  if (messages.requests.empty()) messages.requests.emplace_back();
  return messages;
}

std::unique_ptr<Message> NewMessage(const Descriptor* type) {
  return std::unique_ptr<Message>(AllServices().factory.GetPrototype(type)->New());
}

}  // namespace tqlconform

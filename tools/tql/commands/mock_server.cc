#include "tools/tql/commands/mock_server.h"

#include <google/protobuf/message.h>

#include <algorithm>
#include <memory>
#include <span>

#include "proto/base/environment.h"
#include "proto/base/status_macros.h"
#include "proto/base/text.h"
#include "proto/document/message_reader.h"
#include "tql/wire/json.h"
#include "tqlkit/mock_control.pb.h"

namespace tql::shell {
namespace {

namespace mockpb = tqlkit::mock::v1;
using google::protobuf::Message;

constexpr char kTokenVariable[] = "TQLMOCKD_CONTROL_TOKEN";

std::string PathOf(std::string_view space, std::string_view resource) {
  std::string path = "/namespaces";
  if (space.empty()) return path;
  path += '/';
  for (const char c : space) {
    if (base::IsLetter(c) || base::IsDigit(c) || c == '.' || c == '_' || c == '-') {
      path += c;
    } else {
      path += '%';
      base::AppendHex(c, &path, base::kUpperHex);
    }
  }
  return path.append(resource);
}

/// The call over gRPC for a call over HTTP.
struct Rpc {
  std::string_view method;
  std::string_view resource;
  std::string_view name;
  const Message& request;
  const Message& response;
  std::string_view space = "namespace";  // the field for the name of the namespace
  std::string_view body = "";            // the field for the body; empty: the request itself
};

std::span<const Rpc> Rpcs() {
  using mockpb::Namespace;
  using mockpb::NamespaceRequest;
  static const Rpc kRpcs[] = {
      {"GET", "", "GetNamespace", NamespaceRequest::default_instance(),
       Namespace::default_instance()},
      {"PUT", "", "PutNamespace", Namespace::default_instance(), Namespace::default_instance(),
       "name"},
      {"DELETE", "", "DeleteNamespace", NamespaceRequest::default_instance(),
       Namespace::default_instance()},
      {"GET", "/plan", "GetPlan", mockpb::PlanRequest::default_instance(),
       mockpb::Plan::default_instance()},
      {"PUT", "/plan", "PutPlan", mockpb::PlanRequest::default_instance(),
       mockpb::Plan::default_instance(), "namespace", "plan"},
      {"POST", "/plan", "PutPlan", mockpb::PlanRequest::default_instance(),
       mockpb::Plan::default_instance(), "namespace", "plan"},
      {"DELETE", "/plan", "DeletePlan", mockpb::PlanRequest::default_instance(),
       mockpb::Plan::default_instance()},
      {"GET", "/journal", "GetJournal", mockpb::JournalRequest::default_instance(),
       mockpb::Journal::default_instance()},
      {"DELETE", "/journal", "DeleteJournal", mockpb::JournalRequest::default_instance(),
       mockpb::Journal::default_instance()},
      {"GET", "/clock", "GetClock", NamespaceRequest::default_instance(),
       mockpb::Clock::default_instance()},
      {"PUT", "/clock", "SetClock", mockpb::ClockRequest::default_instance(),
       mockpb::Clock::default_instance(), "namespace", "clock"},
      {"POST", "/verify", "Verify", mockpb::VerifyRequest::default_instance(),
       mockpb::VerifyResponse::default_instance()},
  };
  return kRpcs;
}

constexpr std::string_view kListNamespaces = "ListNamespaces";

const google::protobuf::FieldDescriptor* FieldOf(const Message& message, std::string_view name) {
  return message.GetDescriptor()->FindFieldByName(std::string(name));
}

/// The request as a message, with the body and the namespace where its type has them.
StatusOr<std::unique_ptr<Message>> RequestOf(const Rpc& rpc, std::string_view space,
                                             std::string_view body) {
  std::unique_ptr<Message> request(rpc.request.New());
  const google::protobuf::Reflection& reflection = *request->GetReflection();
  Message* const part = rpc.body.empty()
                            ? request.get()
                            : reflection.MutableMessage(request.get(), FieldOf(*request, rpc.body));
  if (!std::ranges::all_of(body, base::IsBlank)) {
    TQL_RETURN_IF_ERROR(document::ReadMessage(body, part));
  }
  reflection.SetString(request.get(), FieldOf(*request, rpc.space), std::string(space));
  const auto* const append = FieldOf(*request, "append");
  if (append != nullptr) reflection.SetBool(request.get(), append, rpc.method == "POST");
  return request;
}

StatusOr<std::string> JsonOf(std::string_view bytes, const Message& type) {
  const std::unique_ptr<Message> response(type.New());
  if (!response->ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return InternalError(
        "the server sent an answer that is not a message of the control interface");
  }
  return ToJson(*response);
}

}  // namespace

StatusOr<MockServer> MockServer::Connect(const Target& target) {
  TQL_ASSIGN_OR_RETURN(
      MockControl control,
      MockControl::Connect(target.url, target.options, base::Environment(kTokenVariable)));
  return MockServer(std::move(control), target.url.protocol == Protocol::kGrpc);
}

StatusOr<std::string> MockServer::Call(std::string_view method, std::string_view space,
                                       std::string_view resource, std::string_view body) const {
  if (!is_grpc_) return control_.Call(method, PathOf(space, resource), body);
  if (!space.empty()) return CallRpc(method, space, resource, body);
  TQL_ASSIGN_OR_RETURN(const std::string list, control_.CallRpc(kListNamespaces, ""));
  return JsonOf(list, mockpb::NamespaceList::default_instance());
}

StatusOr<std::string> MockServer::CallRpc(std::string_view method, std::string_view space,
                                          std::string_view resource, std::string_view body) const {
  const auto rpc = std::ranges::find_if(Rpcs(), [&](const Rpc& known) {
    return known.method == method && known.resource == resource;
  });
  if (rpc == Rpcs().end()) {
    return UnimplementedError(std::string(method) + ' ' + std::string(resource) + " over gRPC");
  }
  TQL_ASSIGN_OR_RETURN(const std::unique_ptr<Message> request, RequestOf(*rpc, space, body));
  TQL_ASSIGN_OR_RETURN(const std::string answer,
                       control_.CallRpc(rpc->name, request->SerializeAsString()));
  return JsonOf(answer, rpc->response);
}

}  // namespace tql::shell

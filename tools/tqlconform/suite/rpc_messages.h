// Messages of any method of gRPC that a case calls by its name.
#ifndef TQLKIT_TOOLS_TQLCONFORM_SUITE_RPC_MESSAGES_H_
#define TQLKIT_TOOLS_TQLCONFORM_SUITE_RPC_MESSAGES_H_

#include <memory>
#include <string>
#include <vector>

#include "tools/tqlconform/suite/messages.h"
#include "tql/status.h"

namespace google::protobuf {
class Descriptor;
class Message;
}  // namespace google::protobuf

namespace tqlconform {

/// A call, ready to be sent.
struct RpcMessages {
  std::string path;                   // "/grpc.health.v1.Health/Check"
  std::vector<std::string> requests;  // serialised
  const google::protobuf::Descriptor* response = nullptr;
};

/// INVALID_ARGUMENT if the method is unknown, or a request is not JSON of its message.
tql::StatusOr<RpcMessages> MessagesOf(const confpb::Rpc& rpc);

/// A message of a type of RpcMessages.
std::unique_ptr<google::protobuf::Message> NewMessage(const google::protobuf::Descriptor* type);

}  // namespace tqlconform

#endif  // TQLKIT_TOOLS_TQLCONFORM_SUITE_RPC_MESSAGES_H_

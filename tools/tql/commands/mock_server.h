// The control interface of a mock server, over the transport of the shell's connection.
#ifndef TQLKIT_TOOLS_TQL_COMMANDS_MOCK_SERVER_H_
#define TQLKIT_TOOLS_TQL_COMMANDS_MOCK_SERVER_H_

#include <string>
#include <string_view>
#include <utility>

#include "tools/tql/connect/connect.h"
#include "tql/mock_control.h"

namespace tql::shell {

class MockServer {
 public:
  static StatusOr<MockServer> Connect(const Target& target);

  /// Calls the interface as over HTTP: `resource` of the namespace `space`, e.g. "/plan"; the
  /// namespace itself without a resource, all namespaces without a space. `body` is a message in
  /// YAML or JSON. The answer is JSON. Over gRPC it is the call that has the same effect.
  StatusOr<std::string> Call(std::string_view method, std::string_view space,
                             std::string_view resource = "", std::string_view body = "") const;

 private:
  MockServer(MockControl control, bool is_grpc) : control_(std::move(control)), is_grpc_(is_grpc) {}
  StatusOr<std::string> CallRpc(std::string_view method, std::string_view space,
                                std::string_view resource, std::string_view body) const;

  MockControl control_;
  bool is_grpc_;
};

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_COMMANDS_MOCK_SERVER_H_

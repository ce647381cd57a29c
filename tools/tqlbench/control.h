// The control interface of the server under test.
#ifndef TOOLS_TQLBENCH_CONTROL_H_
#define TOOLS_TQLBENCH_CONTROL_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "tools/tqlbench/socket.h"
#include "tql/status.h"

namespace tqlbench {

/// The HTTP request that forks "main" as the namespace `name`, or resets it.
std::string ForkRequest(std::string_view name);

/// A connection to the control interface.
class Control {
 public:
  static tql::StatusOr<Control> Connect(std::uint16_t port);

  /// Calls below /mock; any status but 2xx is an error.
  tql::Status Call(std::string_view method, std::string_view path, std::string_view body);
  tql::Status Fork(std::string_view name);
  tql::Status Remove(std::string_view name);
  /// Verifies that the namespace received `count` INSERTs.
  tql::Status VerifyInserts(std::string_view name, int count);

 private:
  explicit Control(Socket socket) : socket_(std::move(socket)) {}
  tql::Status Send(const std::string& request);

  Socket socket_;
};

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_CONTROL_H_

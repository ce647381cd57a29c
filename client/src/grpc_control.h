// Calls of the control interface of a mock server over gRPC.
#ifndef TQLKIT_CLIENT_SRC_GRPC_CONTROL_H_
#define TQLKIT_CLIENT_SRC_GRPC_CONTROL_H_

#include <memory>
#include <string>
#include <string_view>

#include "tql/options.h"
#include "tql/status.h"
#include "tql/transport.h"
#include "tql/url.h"

namespace tql {

/// Thread safety: all calls may be made from several threads.
class GrpcControl {
 public:
  virtual ~GrpcControl() = default;
  /// Calls a method of tql.mock.v1.MockControl, e.g. "GetPlan", with the bytes of its messages.
  virtual StatusOr<std::string> Call(std::string_view method, std::string_view request,
                                     const CallLimits& limits) = 0;
};

/// Connects with the first call. `token` is sent with each call, unless it is empty. Errors: those
/// of MakeGrpcTransport.
StatusOr<std::shared_ptr<GrpcControl>> MakeGrpcControl(const Url& url, const Options& options,
                                                       std::string token);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_GRPC_CONTROL_H_

// Conversion of gRPC's errors to the codes and messages of the other transports.
#ifndef TQLKIT_CLIENT_SRC_GRPC_ERRORS_H_
#define TQLKIT_CLIENT_SRC_GRPC_ERRORS_H_

#include <cstdint>
#include <string>

#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// Maximum size of a message that is received: the limit of HTTP responses, plus the framing.
inline constexpr int kMostGrpcMessageBytes = (64 << 20) + (64 << 10);

/// The end of a call as gRPC reports it.
struct GrpcFailure {
  StatusCode code = StatusCode::kUnknown;
  std::string message;
  /// Whether the call was, or may have been, sent over a connection.
  bool sent = false;
  /// Whether the client cancelled it.
  bool cancelled = false;
  /// Whether the call took at least connect_timeout. gRPC reports an attempt to connect that timed
  /// out with errors that are otherwise caused by the service.
  bool connect_time_over = false;
};

/// Returns the error of a call to `host`. Errors of the service keep their code and text, without
/// control characters; gRPC distinguishes them from its own errors only by the text. UNAVAILABLE:
/// the host was not reached, or the connection was lost. FAILED_PRECONDITION: the certificate is
/// not trusted, or the port does not speak gRPC.
Status FromGrpc(GrpcFailure failure, const Url& host);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_GRPC_ERRORS_H_

// The errors of gRPC in the words and with the codes that the other transports have.
#ifndef TQLKIT_CLIENT_SRC_GRPC_ERRORS_H_
#define TQLKIT_CLIENT_SRC_GRPC_ERRORS_H_

#include <cstdint>
#include <string>

#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// What a service may make the client hold, as over HTTP, and the frame around it.
inline constexpr int kMostGrpcMessageBytes = (64 << 20) + (64 << 10);

/// How a call ended, in gRPC's words.
struct GrpcFailure {
  StatusCode code = StatusCode::kUnknown;
  std::string message;
  /// Whether a connection carried the call, or may have; otherwise nothing was sent.
  bool sent = false;
  /// Whether we cancelled it.
  bool cancelled = false;
  /// Whether it took as long as an attempt to connect may: gRPC ends one in ways that look like the
  /// service's.
  bool connect_time_over = false;
};

/// The error for whoever made the call to `host`. The service's own errors keep their code and
/// text, without control characters; gRPC tells them from its own by nothing but the text.
/// UNAVAILABLE: not reached, or the connection was lost;
/// FAILED_PRECONDITION: a certificate that is not trusted, or a port that speaks something else.
Status FromGrpc(GrpcFailure failure, const Url& host);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_GRPC_ERRORS_H_

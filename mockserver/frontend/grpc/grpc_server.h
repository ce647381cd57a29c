// The TQL service over gRPC (proto/tql/tql_service.proto), with health checking (grpc.health.v1)
// and server reflection (reflection_service.h).
//
// gRPC's own few threads move bytes; a worker runs each call, and logins and the like have workers
// of their own. A call that waits for its client to read takes no worker from another, so that
// neither idle nor slow clients starve new ones; it keeps its thread and its snapshot of the rows,
// and max_calls bounds how many do.
//
// Less is bounded than over HTTP, where gRPC 1.51 leaves no choice. It reads the request of a call
// before it hands the call over, so each stream may cost max_request_bytes before its token is
// looked at, also without a session. What could look earlier, an AuthMetadataProcessor, exists for
// TLS alone. The streams of a connection are bounded (4096), connections are not: there is no
// setting for that yet, and a memory quota would end other people's calls once it is used up.
// Idle connections are closed after five minutes, unfinished handshakes after ten seconds; those
// whose client does not answer a ping, sent after a minute of silence, or takes nothing from its
// socket, after 20 seconds more. Clients may ping every 100 ms, also without calls; connections
// that ping more often are closed (GOAWAY, "too_many_pings").
//
// gRPC and protobuf write to standard error what they dislike about a client. That is a matter of
// the whole process, so that it is left to the program: tqlmockd has it silent, and in its log.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_GRPC_SERVER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_GRPC_SERVER_H_

#include <chrono>
#include <cstddef>
#include <memory>

#include "mockserver/engine/environment.h"
#include "mockserver/net/listener.h"
#include "mockserver/net/tls.h"
#include "mockserver/service/service.h"
#include "tql/status.h"

namespace tql::frontend {

/// Carries the session's token in the metadata of a call.
inline constexpr const char* kSessionMetadata = "tql-session";

/// Carries what the client calls the call, for the log.
inline constexpr const char* kRequestIdMetadata = "x-request-id";

/// Thread safety: Stop may be called from any thread.
class GrpcServer {
 public:
  struct Options {
    std::size_t max_threads = 256;  // statements that are at work at once
    /// A Query or RunScript beyond so many calls at once is refused as RESOURCE_EXHAUSTED. Each may
    /// keep one of the storage's readers for as long as its client likes: the others are HTTP's.
    std::size_t max_calls = 512;
    std::size_t max_request_bytes = std::size_t{64} << 20;
    /// Without any progress of a slow reader: then its call is cancelled.
    std::chrono::milliseconds write{600'000};
  };

  /// Serves when it returns. `service` and `clock` outlive the server; `tls` may be null:
  /// plaintext. Errors are those of net::Listener::Open.
  static StatusOr<std::unique_ptr<GrpcServer>> Start(const net::Endpoint& endpoint,
                                                     const net::TlsContext* tls,
                                                     service::Service& service,
                                                     const engine::Clock& clock, Options options);
  /// Stops at once if Stop was not called.
  virtual ~GrpcServer() = default;

  /// With the real port.
  virtual const net::Endpoint& endpoint() const = 0;
  /// Accepts nothing more, lets calls in flight end until the deadline, then cancels them, cuts
  /// their connections and waits for them. May be called more than once.
  virtual void Stop(std::chrono::steady_clock::time_point deadline) = 0;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_GRPC_SERVER_H_

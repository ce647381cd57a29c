// The TQL service over gRPC (proto/tql/tql_service.proto), with health checking (grpc.health.v1)
// and server reflection (reflection_service.h).
//
// A thread of ours accepts connections. gRPC itself starts with the first one, and gets each of
// them. Its own few threads move bytes. A worker runs each call; logins and other short calls have
// separate workers. While a call waits for its client to read, another call may use its worker, so
// neither idle nor slow clients starve new ones. A waiting call keeps its thread and its snapshot
// of the rows; max_calls bounds the number of calls.
//
// gRPC 1.51 permits fewer limits than HTTP. It reads the request of a call before it passes the
// call on, so each stream may cost max_request_bytes before its token is checked, also without a
// session. An AuthMetadataProcessor could check earlier, but exists only for TLS. The streams of a
// connection are bounded (4096), connections are not: gRPC has no option for it, and an exhausted
// memory quota would end calls of other clients. Idle connections are closed after five minutes,
// unfinished handshakes after ten seconds; those whose client does not answer a ping, sent after a
// minute of silence, or takes nothing from its socket, after 20 seconds more. Clients may ping
// every 100 ms, also without calls; connections that ping more often are closed (GOAWAY,
// "too_many_pings").
//
// gRPC and protobuf write errors of clients to standard error. Logging is a property of the whole
// process, so it is left to the program; tqlmockd redirects it to its own log.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_GRPC_SERVER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_GRPC_SERVER_H_

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

#include "mockserver/engine/environment.h"
#include "mockserver/net/listener.h"
#include "mockserver/net/tls.h"
#include "mockserver/service/service.h"
#include "mockserver/testdouble/control.h"
#include "tql/status.h"

namespace tql::frontend {

/// The metadata key of the session token.
inline constexpr const char* kSessionMetadata = "tql-session";

/// The metadata key of the client's request id, which is logged.
inline constexpr const char* kRequestIdMetadata = "x-request-id";

/// Thread safety: Stop may be called from any thread.
class GrpcServer {
 public:
  struct Options {
    std::size_t max_threads = 256;  // maximum number of concurrent statements
    /// Maximum number of concurrent Query and RunScript calls; further ones fail with
    /// RESOURCE_EXHAUSTED. Each may occupy a reader of the storage as long as its client does not
    /// read; the other readers are left for HTTP.
    std::size_t max_calls = 512;
    std::size_t max_request_bytes = std::size_t{64} << 20;
    /// A call is cancelled if its client reads nothing for this time.
    std::chrono::milliseconds write{600'000};
    /// The control interface, which must outlive the server; null: it is not served.
    testdouble::Control* control = nullptr;
    testdouble::ControlAccess control_access = testdouble::ControlAccess();
    /// The namespace to which clients log in, unless they name another; empty: main.
    std::string space = {};
  };

  /// Starts a server, which accepts calls when this returns. `tls`, `service` and `clock` must
  /// outlive it. Without TLS, `tls` is null. Errors are those of net::Listener::Open, and
  /// UNAVAILABLE if no thread or descriptor is left.
  static StatusOr<std::unique_ptr<GrpcServer>> Start(const net::Endpoint& endpoint,
                                                     const net::TlsContext* tls,
                                                     service::Service& service,
                                                     const engine::Clock& clock, Options options);
  /// Stops without a grace period if Stop was not called.
  virtual ~GrpcServer() = default;

  /// The endpoint, with the port in use.
  virtual const net::Endpoint& endpoint() const = 0;
  /// Stops accepting, waits for calls in progress until the deadline, then cancels them, closes
  /// their connections and waits for their end. May be called more than once.
  virtual void Stop(std::chrono::steady_clock::time_point deadline) = 0;
};

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_GRPC_SERVER_H_

// A Transport of the client that calls the server directly, without a socket or encoding.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_INPROCESS_IN_PROCESS_TRANSPORT_H_
#define TQLKIT_MOCKSERVER_FRONTEND_INPROCESS_IN_PROCESS_TRANSPORT_H_

#include <cstddef>
#include <memory>
#include <string>

#include "mockserver/engine/environment.h"
#include "mockserver/frontend/call_gate.h"
#include "mockserver/service/service.h"
#include "tql/transport.h"

namespace tql::frontend {

/// Returns a transport whose Login starts a session of the namespace `space`. It may outlive
/// `service` and `clock` once the gate is closed; then every call returns UNAVAILABLE. Requests of
/// more than `max_request_bytes` (as protobuf) return INVALID_ARGUMENT.
std::shared_ptr<Transport> MakeInProcessTransport(service::Service& service,
                                                  const engine::Clock& clock,
                                                  std::shared_ptr<CallGate> gate,
                                                  std::size_t max_request_bytes, std::string space);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_INPROCESS_IN_PROCESS_TRANSPORT_H_

// The control interface over gRPC (proto/tql/mock_control.proto).
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GRPC_CONTROL_SERVICE_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GRPC_CONTROL_SERVICE_H_

#include <memory>

#include "mockserver/frontend/call_gate.h"
#include "mockserver/testdouble/control.h"

namespace grpc {
class Service;
}  // namespace grpc

namespace tql::frontend {

/// Returns the service, whose calls are registered at the gate. Clients that are not on a loopback
/// address send the token as the metadata `authorization`, "Bearer TOKEN". Both references must
/// outlive the service.
std::unique_ptr<grpc::Service> MakeControlService(testdouble::Control& control,
                                                  testdouble::ControlAccess access, CallGate& gate);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GRPC_CONTROL_SERVICE_H_

// Converts exceptions of a call to its status.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_GUARDED_H_
#define TQLKIT_MOCKSERVER_FRONTEND_GUARDED_H_

#include "mockserver/service/service.h"
#include "mockserver/service/thrown_status.h"
#include "tql/status.h"

namespace tql::frontend {

/// Returns the result of `body`. If `body` throws, also for lack of memory, returns INTERNAL and
/// reports it to the service.
template <typename Body>
Status Guarded(service::Service& service, const service::CallContext& context,
               const Body& body) noexcept {
  try {
    return body();
  } catch (...) {
    Status status = service::ThrownStatus();
    try {
      service.Answered(context, status);
    } catch (...) {  // the call fails in any case
    }
    return status;
  }
}

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_GUARDED_H_

// Notifies the observer of the start and the end of a call.
#ifndef TQLKIT_CLIENT_SRC_OBSERVED_CALL_H_
#define TQLKIT_CLIENT_SRC_OBSERVED_CALL_H_

#include <chrono>
#include <memory>
#include <string>

#include "tql/observer.h"
#include "tql/transport.h"

namespace tql {

/// Creates the trace of a call and calls OnStart. Returns null if there is neither an observer nor
/// an id. INVALID_ARGUMENT if the id cannot be sent in a header.
StatusOr<std::shared_ptr<CallTrace>> StartTrace(Operation operation, std::string request_id,
                                                std::shared_ptr<CallObserver> observer);

/// Calls OnEnd for a call without rows. `trace` may be null.
void EndTrace(CallTrace* trace, Status status);

/// Wraps `stream` so that OnEnd is called when it has ended or is destroyed. Returns `stream`
/// itself if there is no observer.
std::unique_ptr<ResultStream> Observed(std::unique_ptr<ResultStream> stream,
                                       std::shared_ptr<CallTrace> trace);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_OBSERVED_CALL_H_

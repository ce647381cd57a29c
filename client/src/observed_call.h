// Tells the observer of a call, from its start to the end of its answer.
#ifndef TQLKIT_CLIENT_SRC_OBSERVED_CALL_H_
#define TQLKIT_CLIENT_SRC_OBSERVED_CALL_H_

#include <chrono>
#include <memory>
#include <string>

#include "tql/observer.h"
#include "tql/transport.h"

namespace tql {

/// The trace of a new call, told of as started; null when nobody observes and no id is given.
/// INVALID_ARGUMENT for an id that cannot stand in a header.
StatusOr<std::shared_ptr<CallTrace>> StartTrace(Operation operation, std::string request_id,
                                                std::shared_ptr<CallObserver> observer);

/// Tells of the end of a call without rows. `trace` may be null.
void EndTrace(CallTrace* trace, Status status);

/// `stream`, which tells of the end of its call when it has ended or is destroyed. The stream
/// itself when nobody observes.
std::unique_ptr<ResultStream> Observed(std::unique_ptr<ResultStream> stream,
                                       std::shared_ptr<CallTrace> trace);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_OBSERVED_CALL_H_

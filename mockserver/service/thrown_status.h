// Converts exceptions to statuses. The server's own code does not throw, but libraries do, and
// memory may run out.
#ifndef TQLKIT_MOCKSERVER_SERVICE_THROWN_STATUS_H_
#define TQLKIT_MOCKSERVER_SERVICE_THROWN_STATUS_H_

#include "tql/status.h"

namespace tql::service {

/// To be called in a `catch (...)`: returns INTERNAL with the text of the exception. Does not
/// throw, even if no memory is left.
Status ThrownStatus() noexcept;

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_THROWN_STATUS_H_

// What was thrown, as a Status: the server's own code throws nothing, but memory runs out, and
// libraries throw.
#ifndef TQLKIT_MOCKSERVER_SERVICE_THROWN_STATUS_H_
#define TQLKIT_MOCKSERVER_SERVICE_THROWN_STATUS_H_

#include "tql/status.h"

namespace tql::service {

/// For a `catch (...)`: INTERNAL, with what the exception says of itself. Throws nothing, also when
/// no memory is left.
Status ThrownStatus() noexcept;

}  // namespace tql::service

#endif  // TQLKIT_MOCKSERVER_SERVICE_THROWN_STATUS_H_

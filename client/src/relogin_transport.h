// A decorator that logs in again when the service has ended the session.
#ifndef TQLKIT_CLIENT_SRC_RELOGIN_TRANSPORT_H_
#define TQLKIT_CLIENT_SRC_RELOGIN_TRANSPORT_H_

#include <chrono>
#include <memory>

#include "tql/transport.h"

namespace tql {

/// Wraps `transport`. Stores the user and password of the last successful Login until Logout. If a
/// query, script, tokens or schema version call ends with UNAUTHENTICATED before its response
/// begins, logs in with them and repeats the call, once. If that login fails, the call fails with
/// its error. Only one login runs at a time; calls that need it at the same time wait and share its
/// result.
///
/// `login_timeout` limits that login, in addition to the deadline of the call.
std::shared_ptr<Transport> MakeReloginTransport(std::shared_ptr<Transport> transport,
                                                std::chrono::milliseconds login_timeout);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_RELOGIN_TRANSPORT_H_

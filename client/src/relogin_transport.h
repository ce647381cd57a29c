// Logs in again when the service has ended the session: a decorator of any transport.
#ifndef TQLKIT_CLIENT_SRC_RELOGIN_TRANSPORT_H_
#define TQLKIT_CLIENT_SRC_RELOGIN_TRANSPORT_H_

#include <chrono>
#include <memory>

#include "tql/transport.h"

namespace tql {

/// `transport`, which keeps the user and password of its last successful Login until a Logout. A
/// query, script, tokens or schema version that ends with UNAUTHENTICATED before its answer begins
/// logs in with them, once, and is repeated; when that login fails, its error is the call's. One
/// login at a time: calls that meet it wait and share what becomes of it.
///
/// `login_timeout` limits the login within the time of its call.
std::shared_ptr<Transport> MakeReloginTransport(std::shared_ptr<Transport> transport,
                                                std::chrono::milliseconds login_timeout);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_RELOGIN_TRANSPORT_H_

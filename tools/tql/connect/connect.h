// Connects a client according to the flags.
#ifndef TQLKIT_TOOLS_TQL_CONNECT_CONNECT_H_
#define TQLKIT_TOOLS_TQL_CONNECT_CONNECT_H_

#include <stop_token>

#include "tools/tql/flags.h"
#include "tools/tql/session.h"
#include "tql/profile.h"
#include "tql/status.h"

namespace tql::shell {

/// Returns the URL and the options, with the password, which may be asked for. INVALID_ARGUMENT for
/// invalid flags. `stop` ends the prompt for a password with CANCELLED.
StatusOr<Target> TargetOf(const Flags& flags, const std::stop_token& stop = {});

/// Connects and logs in. INVALID_ARGUMENT for invalid flags; otherwise the errors of
/// Client::Connect. `stop` is that of TargetOf.
StatusOr<Connection> Connect(const Flags& flags, const std::stop_token& stop = {});

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_CONNECT_CONNECT_H_

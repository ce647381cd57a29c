// The service that statements are forwarded to.
#ifndef TQLKIT_TOOLS_TQLMOCKD_UPSTREAM_H_
#define TQLKIT_TOOLS_TQLMOCKD_UPSTREAM_H_

#include "tools/tqlmockd/flags.h"
#include "tql/mock/server.h"
#include "tql/status.h"

namespace tqlmockd {

/// Logs in to the service of the flags. INVALID_ARGUMENT for invalid flags; otherwise the errors of
/// tql::Client::Connect. Without a URL the server has no upstream.
tql::StatusOr<tql::mock::Upstream> ConnectUpstream(const Flags& flags);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_UPSTREAM_H_

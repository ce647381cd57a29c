// From flags to a client that is logged in.
#ifndef TQLKIT_TOOLS_TQL_CONNECT_CONNECT_H_
#define TQLKIT_TOOLS_TQL_CONNECT_CONNECT_H_

#include <stop_token>
#include <string>

#include "tools/tql/flags.h"
#include "tql/client.h"
#include "tql/status.h"

namespace tql::shell {

/// INVALID_ARGUMENT when the flags are wrong; otherwise the errors of Client::Connect. `stop` ends
/// the question for a password: CANCELLED.
StatusOr<Client> Connect(const Flags& flags, const std::stop_token& stop = {});

/// Where that leads and who logs in, for people: "https://127.0.0.1:8443, user tsadmin".
std::string ConnectionOf(const Flags& flags);

}  // namespace tql::shell

#endif  // TQLKIT_TOOLS_TQL_CONNECT_CONNECT_H_

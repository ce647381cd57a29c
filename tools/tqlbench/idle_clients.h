// Many idle TLS connections, as `tqlbench part idle-clients HTTPS_PORT COUNT`.
#ifndef TOOLS_TQLBENCH_IDLE_CLIENTS_H_
#define TOOLS_TQLBENCH_IDLE_CLIENTS_H_

#include <cstddef>

namespace tqlbench {

/// Opens the keep-alive connections with one request each, prints "ready", and holds them until a
/// line or the end of standard input. Returns an exit status.
int RunIdleClients(int port, std::size_t count);

}  // namespace tqlbench

#endif  // TOOLS_TQLBENCH_IDLE_CLIENTS_H_

// Messages to a service manager such as systemd, for units with Type=notify.
#ifndef TQLKIT_TOOLS_TQLMOCKD_SERVICE_MANAGER_H_
#define TQLKIT_TOOLS_TQLMOCKD_SERVICE_MANAGER_H_

#include <string_view>

namespace tqlmockd {

/// Sends a state ("READY=1", "STOPPING=1") to the socket that the environment variable
/// NOTIFY_SOCKET names, as sd_notify(3). Does nothing without it; a failure is ignored, because the
/// server works without a manager.
void NotifyServiceManager(std::string_view state);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_SERVICE_MANAGER_H_

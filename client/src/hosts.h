// The hosts of a service, from a URL and options.
#ifndef TQLKIT_CLIENT_SRC_HOSTS_H_
#define TQLKIT_CLIENT_SRC_HOSTS_H_

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "tql/options.h"
#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// Returns one URL per host, in the order in which hosts are tried: those of `url`, then
/// Options::hosts. INVALID_ARGUMENT if one is invalid.
StatusOr<std::vector<Url>> HostsOf(const Url& url, const Options& options);

/// The outcome of a request to one host.
struct HostAttempt {
  Status status;
  bool sent = false;  ///< Whether the host may have received the request.
};

/// Calls `attempt` with the index of a host: first `first`, then the others in turn as long as a
/// host is UNAVAILABLE before anything was sent. If all are, returns UNAVAILABLE with all reasons.
template <typename Attempt>
Status TryHosts(std::size_t first, std::size_t hosts, Attempt attempt) {
  std::string failures;
  for (std::size_t tried = 0; tried < hosts; ++tried) {
    const HostAttempt result = attempt((first + tried) % hosts);
    const bool elsewhere = !result.sent && result.status.code() == StatusCode::kUnavailable;
    if (!elsewhere || hosts == 1) return result.status;
    failures += (failures.empty() ? "" : "; ") + result.status.message();
  }
  return UnavailableError(std::move(failures));
}

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HOSTS_H_

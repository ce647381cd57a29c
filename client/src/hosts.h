// The hosts of a service, from a URL and options.
#ifndef TQLKIT_CLIENT_SRC_HOSTS_H_
#define TQLKIT_CLIENT_SRC_HOSTS_H_

#include <vector>

#include "tql/options.h"
#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// Returns one URL per host, in the order in which hosts are tried: those of `url`, then
/// Options::hosts. INVALID_ARGUMENT if one is invalid.
StatusOr<std::vector<Url>> HostsOf(const Url& url, const Options& options);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HOSTS_H_

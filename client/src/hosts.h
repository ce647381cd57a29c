// The places of a service that a URL and options name.
#ifndef TQLKIT_CLIENT_SRC_HOSTS_H_
#define TQLKIT_CLIENT_SRC_HOSTS_H_

#include <vector>

#include "tql/options.h"
#include "tql/status.h"
#include "tql/url.h"

namespace tql {

/// The URL once for each place, in the order in which they are tried: its own, then
/// Options::hosts. INVALID_ARGUMENT for one that is none.
StatusOr<std::vector<Url>> HostsOf(const Url& url, const Options& options);

}  // namespace tql

#endif  // TQLKIT_CLIENT_SRC_HOSTS_H_

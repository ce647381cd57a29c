#include "client/src/hosts.h"

#include <string>
#include <utility>

namespace tql {

StatusOr<std::vector<Url>> HostsOf(const Url& url, const Options& options) {
  if (url.host.empty() || url.port == 0) return InvalidArgumentError("URL: the host is missing");
  std::vector<HostPort> places = {{url.host, url.port}};
  places.insert(places.end(), url.more_hosts.begin(), url.more_hosts.end());
  for (const std::string& text : options.hosts) {
    StatusOr<HostPort> place = HostPort::Parse(text, url.tls);
    if (!place) return place.status();
    places.push_back(*std::move(place));
  }
  std::vector<Url> hosts;
  for (HostPort& place : places) {
    Url& host = hosts.emplace_back(url);
    host.host = std::move(place.host);
    host.port = place.port;
    host.more_hosts.clear();
  }
  return hosts;
}

}  // namespace tql

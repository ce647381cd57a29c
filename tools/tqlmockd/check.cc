#include "tools/tqlmockd/check.h"

#include <httplib.h>

#include <cstdio>

namespace tqlmockd {

int CheckServer(const std::string& url) {
  constexpr time_t kSeconds = 2;
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) {
    std::fprintf(stderr, "tqlmockd: --check: found \"%s\", expected a URL such as %s\n",
                 url.c_str(), "http://127.0.0.1:8080");
    return 1;
  }
  httplib::Client client(url.substr(0, url.find('/', scheme + 3)));
  client.enable_server_certificate_verification(false);
  client.set_connection_timeout(kSeconds);
  client.set_read_timeout(kSeconds);
  const httplib::Result result = client.Get("/healthz");
  if (result && result->status == 200) return 0;
  const std::string why = result ? "HTTP status " + std::to_string(result->status)
                                 : "no connection: " + httplib::to_string(result.error());
  std::fprintf(stderr, "tqlmockd: %s is not ready: %s\n", url.c_str(), why.c_str());
  return 1;
}

}  // namespace tqlmockd

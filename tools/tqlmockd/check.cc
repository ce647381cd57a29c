#include "tools/tqlmockd/check.h"

#include <httplib.h>

#include <cstdio>

namespace tqlmockd {
namespace {

constexpr time_t kSeconds = 2;

std::string Reason(httplib::Error error) {
  switch (error) {
    case httplib::Error::Connection:
      return "it does not accept connections";
    case httplib::Error::Read:
      return "it has not answered within " + std::to_string(kSeconds) +
             " s, or has closed the connection";
    case httplib::Error::SSLConnection:
      return "it does not speak TLS";
    default:
      return "the request failed (" + httplib::to_string(error) + ")";
  }
}

}  // namespace

int CheckServer(const std::string& url) {
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
  const std::string why =
      result ? "HTTP status " + std::to_string(result->status) : Reason(result.error());
  std::fprintf(stderr, "tqlmockd: %s is not ready: %s\n", url.c_str(), why.c_str());
  return 1;
}

}  // namespace tqlmockd

// Health checks of a running server: tqlmockd --check.
#ifndef TQLKIT_TOOLS_TQLMOCKD_CHECK_H_
#define TQLKIT_TOOLS_TQLMOCKD_CHECK_H_

#include <string>

namespace tqlmockd {

/// Returns 0 if the server at the URL ("http://127.0.0.1:8080") answers GET /healthz, otherwise 1
/// after a line on standard error. The certificate of an HTTPS server is not verified: nothing is
/// sent but this request.
int CheckServer(const std::string& url);

}  // namespace tqlmockd

#endif  // TQLKIT_TOOLS_TQLMOCKD_CHECK_H_

// The HTTP server's use of cpp-httplib: requests in, answers out, over connections of our own.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTPLIB_SERVER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTPLIB_SERVER_H_

#include <memory>

#include "mockserver/frontend/http/http_session.h"

namespace tql::frontend {

/// One for all sessions of a server. Answer may be called from any number of threads.
std::unique_ptr<RequestProcessor> MakeHttplibProcessor();

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTPLIB_SERVER_H_

// Request processing with cpp-httplib, over connections of our own.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTPLIB_SERVER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTPLIB_SERVER_H_

#include <memory>

#include "mockserver/frontend/http/http_session.h"

namespace tql::frontend {

/// Creates the processor of a server, shared by all sessions. Answer may be called from any thread.
std::unique_ptr<RequestProcessor> MakeHttplibProcessor();

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTPLIB_SERVER_H_

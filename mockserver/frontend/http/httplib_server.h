// Request processing with cpp-httplib, over connections of our own.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTPLIB_SERVER_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTPLIB_SERVER_H_

#include <chrono>
#include <memory>

#include "mockserver/frontend/http/http_session.h"

namespace tql::frontend {

/// Creates the processor of a server, shared by all sessions. Responses announce `idle_time` as the
/// time for which a connection is kept. Answer may be called from any thread.
std::unique_ptr<RequestProcessor> MakeHttplibProcessor(std::chrono::seconds idle_time);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_HTTPLIB_SERVER_H_

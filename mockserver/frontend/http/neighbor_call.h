// A call over HTTP of a service beside TQL.
#ifndef TQLKIT_MOCKSERVER_FRONTEND_HTTP_NEIGHBOR_CALL_H_
#define TQLKIT_MOCKSERVER_FRONTEND_HTTP_NEIGHBOR_CALL_H_

#include <functional>

#include "mockserver/frontend/http/http_message.h"
#include "mockserver/service/service.h"

namespace tql::frontend {

/// Has the service serve a call whose response is made by `answer`. `error` makes that of a call
/// that the service refused, or whose response it replaced.
HttpResponse ServeNeighbor(service::Service& service, service::Neighbor which,
                           service::CallContext& context,
                           const std::function<HttpResponse()>& answer,
                           const std::function<HttpResponse(const Status&)>& error);

}  // namespace tql::frontend

#endif  // TQLKIT_MOCKSERVER_FRONTEND_HTTP_NEIGHBOR_CALL_H_

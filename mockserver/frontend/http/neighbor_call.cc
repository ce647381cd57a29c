#include "mockserver/frontend/http/neighbor_call.h"

#include "mockserver/frontend/guarded.h"
#include "mockserver/frontend/http/call_context.h"
#include "tql/wire/http_status.h"

namespace tql::frontend {

HttpResponse ServeNeighbor(service::Service& service, service::Neighbor which,
                           service::CallContext& context,
                           const std::function<HttpResponse()>& answer,
                           const std::function<HttpResponse(const Status&)>& error) {
  HttpResponse response;
  Status own;
  const Status status = Guarded(service, context, [&] {
    return service.Serve(context, which, [&] {
      response = answer();
      own = response.status < 400 ? Status()
                                  : Status(StatusCodeOfHttp(response.status), response.body);
      return own;
    });
  });
  if (status != own) response = error(status);
  ApplyControl(context, response);
  return response;
}

}  // namespace tql::frontend

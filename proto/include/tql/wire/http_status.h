// Status codes <-> HTTP status codes.
//
// A statement that was executed and failed is no HTTP error: it is answered with 200 and an ERROR
// message. These are for requests that never became a statement.
#ifndef TQL_WIRE_HTTP_STATUS_H_
#define TQL_WIRE_HTTP_STATUS_H_

#include "tql/status.h"

namespace tql {

/// The HTTP status of an answer that has `code` as its reason; 200 for kOk.
int HttpStatusOf(StatusCode code);

/// What an HTTP status means to a caller; kOk for 2xx.
StatusCode StatusCodeOfHttp(int http_status);

}  // namespace tql

#endif  // TQL_WIRE_HTTP_STATUS_H_

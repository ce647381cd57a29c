// Conversion between status codes and HTTP status codes.
//
// The failure of a statement is not an HTTP error: its response has status 200 and an ERROR
// message. Error statuses are for requests that did not lead to the execution of a statement.
#ifndef TQL_WIRE_HTTP_STATUS_H_
#define TQL_WIRE_HTTP_STATUS_H_

#include "tql/status.h"

namespace tql {

/// Returns the HTTP status of a response that reports `code`; 200 for kOk.
int HttpStatusOf(StatusCode code);

/// Returns the status code that a client reports for an HTTP status; kOk for 2xx.
StatusCode StatusCodeOfHttp(int http_status);

}  // namespace tql

#endif  // TQL_WIRE_HTTP_STATUS_H_
